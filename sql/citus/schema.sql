-- What a database that Citus distributes has besides the core. On the coordinator; two functions are on every node.
create schema if not exists pymap_citus;

comment on schema pymap_citus is
'Private. Runs pymap on the nodes of Citus: makes the cells and their dispatchers, and refuses calls that have no cell.';

grant usage on schema pymap_citus to pymap_reader;

-- What the dispatchers and the conversion took the place of, and what was brought to the nodes.
create table if not exists pymap_citus.originals (
    kind text not null,
    name text not null,
    definition text not null,
    -- The function as every node has it.
    spread text,
    constraint originals_pkey primary key (kind, name),
    constraint originals_kind_check check (kind in ('function', 'trigger', 'node'))
);

comment on table pymap_citus.originals is
'Private. The definitions of public functions and of triggers as the cells copy them. spread: the dispatcher that the '
'nodes have under that name. Kind node: functions that the nodes have unchanged.';
