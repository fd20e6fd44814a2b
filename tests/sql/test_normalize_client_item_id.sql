begin;

select plan(12);

select volatility_is(
    'pymap', 'normalize_client_item_id', array['text', 'text'], 'immutable', 'Nothing but the arguments decides'
);
select function_privs_are(
    'pymap', 'normalize_client_item_id', array['text', 'text'], 'pymap_reader', array['EXECUTE'],
    'Readers may call it'
);

-- Jellyfin

select is(
    pymap.normalize_client_item_id('jellyfin', 'F27CAA37-E514-2225-CCEC-ED48F6553502'),
    'f27caa37e5142225cceced48f6553502',
    'A Jellyfin GUID loses its dashes and becomes lower case'
);
select is(
    pymap.normalize_client_item_id('jellyfin', 'F27CAA37-E5142225-CCECED48F6553502'),
    'f27caa37e5142225cceced48f6553502',
    'So does one that has only some of them'
);
select is(
    pymap.normalize_client_item_id('jellyfin', 'f27caa37e5142225cceced48f6553502'),
    'f27caa37e5142225cceced48f6553502',
    'A canonical Jellyfin GUID stays'
);
select is(
    pymap.normalize_client_item_id('jellyfin', 'F27CAA37-E514'), 'F27CAA37-E514',
    'What is no GUID stays as it is, also at Jellyfin'
);
select is(
    pymap.normalize_client_item_id('jellyfin', E'F27CAA37-E514-2225-CCEC-ED48F6553502\n'),
    E'F27CAA37-E514-2225-CCEC-ED48F6553502\n',
    'A GUID with a line break behind it is no GUID'
);

-- Every other ID is opaque

select is(
    pymap.normalize_client_item_id('emby', 'F27CAA37-E514-2225-CCEC-ED48F6553502'),
    'F27CAA37-E514-2225-CCEC-ED48F6553502',
    'The same text is another ID at Emby'
);
select is(pymap.normalize_client_item_id('kodi', '007'), '007', 'An ID that looks like a number is text');
select is(pymap.normalize_client_item_id('subsonic', ' aB '), ' aB ', 'Case and spaces stay');
select is(
    pymap.normalize_client_item_id(null, 'F27CAA37-E514-2225-CCEC-ED48F6553502'),
    'F27CAA37-E514-2225-CCEC-ED48F6553502',
    'Without a client type an ID is opaque'
);
select is(pymap.normalize_client_item_id('jellyfin', null), null, 'NULL stays NULL');

select * from finish();

rollback;
