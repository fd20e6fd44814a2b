-- Takes away everything in the database. The roles stay: other databases of the cluster may use them.
drop schema if exists pymap cascade;
