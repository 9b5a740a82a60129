#!/bin/sh
# Copies the primary on the first start (https://www.postgresql.org/docs/current/app-pgbasebackup.html), then follows it.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # A copy that was broken off is begun anew.
  rm -rf "$PGDATA" "$PGDATA.new"
  install -d -o postgres -g postgres -m 0700 "$PGDATA.new"
  PGPASSWORD="$REPLICATION_PASSWORD" gosu postgres pg_basebackup --host postgres --username replicator --pgdata "$PGDATA.new" \
    --wal-method stream --write-recovery-conf --checkpoint fast
  mv "$PGDATA.new" "$PGDATA"
fi
exec gosu postgres "$@"
