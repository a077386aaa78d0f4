# Shortcuts; `just` without an argument lists them. None is needed: each is one line.

[private]
default:
    @just --list --unsorted

# Start the product with demo data on the embedded database
demo *arguments:
    scripts/demo {{ arguments }}

# Install what the tests need
setup:
    scripts/setup

# Run every check and every test on both engines
test:
    scripts/test

# The same without installing and without the API fuzz
quick:
    scripts/test quick

# Run the tests of one crate: just crate store
crate name *filter:
    #!/usr/bin/env bash
    set -euo pipefail
    scripts/postgres.sh start
    HUIYIN_TEST_POSTGRES_URL="$(scripts/postgres.sh url)" cargo nextest run -p huiyin-{{ name }} {{ filter }}

# Lints of the whole workspace
lint:
    cargo clippy --workspace -- -D warnings
    cargo clippy --workspace --all-targets -- -D warnings -A clippy::unwrap_used -A clippy::expect_used

# Format everything
format:
    cargo fmt --all

# House rules: layers, sizes, words, links
check:
    cargo xtask check

# Write the generated pages
gen:
    cargo xtask gen

# Both languages complete
i18n:
    cargo xtask i18n-check

# Print the OpenAPI document
openapi:
    cargo run --quiet --package huiyin-server -- openapi
