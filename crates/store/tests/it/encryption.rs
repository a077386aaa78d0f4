//! Encrypted connections: asked for means verified, or nothing.

use huiyin_store::sql::PostgresConfig;
use huiyin_store::{Engine, Store, StoreConfig, StoreError};
use huiyin_testkit::engines::{TestStore, server_url};

fn open(parameters: &str) -> Result<Store, StoreError> {
    let url = format!("{}?{parameters}", server_url());
    Store::open(&StoreConfig::Postgres(PostgresConfig { url, workers: 1, queue: 8 }))
}

fn is_encrypted(store: &Store) -> bool {
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    store.read_blocking(move |tx| tx.one(sql, &[])).unwrap().unwrap().get(0).unwrap()
}

/// PROP-68
#[test]
fn a_connection_is_encrypted_and_verified_when_asked_for() {
    let plain = TestStore::empty(Engine::Postgres);
    assert!(!is_encrypted(&plain));
    let sql = "SELECT current_setting('ssl_ca_file')";
    let row = plain.read_blocking(move |tx| tx.one(sql, &[])).unwrap().unwrap();
    let authority: String = row.get(0).unwrap();
    let store = open(&format!("sslmode=require&sslrootcert={authority}")).unwrap();
    assert!(is_encrypted(&store));
}

/// PROP-68
#[test]
fn a_server_of_an_unknown_authority_is_refused() {
    let error = open("sslmode=require").map(drop).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    assert!(error.to_string().contains("certificate"), "{error}");
    let missing = open("sslmode=require&sslrootcert=nowhere.pem").map(drop).unwrap_err();
    assert!(missing.to_string().contains("sslrootcert"), "{missing}");
}
