"""The real parts that tests stand on: PostgreSQL, Redis, an S3 store, an SMTP server and Chromium.

The first three are programs that come inside Python packages, so that `make test` needs no
service, no container and no settings. Each listens on this machine alone and keeps its files in
a temporary folder.
"""
