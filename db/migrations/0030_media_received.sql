-- Of an upload that comes in parts: how far its client was told that it is. Where fewer bytes lie here, they lie on another node.
alter table media add column received bigint not null default 0 check (received >= 0);
