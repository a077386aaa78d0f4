//! The figures of `/metrics`, each with what it means.

use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// Bounds of the answer times that are counted, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// Collects the figures of this process from now on.
///
/// # Errors
/// When they are collected already.
pub fn collect() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    metrics::describe_counter!("huiyin_http_requests_total", "answers by method, route and status");
    metrics::describe_histogram!(
        "huiyin_http_request_seconds",
        metrics::Unit::Seconds,
        "time until the answer began, by method and route"
    );
    metrics::describe_gauge!(
        "huiyin_last_anchor_seconds",
        metrics::Unit::Seconds,
        "when this process sealed the last anchor, since 1970"
    );
    metrics::describe_gauge!(
        "huiyin_last_backup_seconds",
        metrics::Unit::Seconds,
        "the moment that the last backup shows, since 1970; 0 when none is known"
    );
    metrics::describe_gauge!(
        "huiyin_backup_warning",
        "1 while the last backup is older than 24 hours or none is known"
    );
    metrics::describe_counter!(
        "huiyin_backup_failures_total",
        "scheduled backups of this process that failed and are tried again"
    );
    metrics::counter!("huiyin_backup_failures_total").increment(0);
    Ok(handle)
}
