//! `almoner cert`: the certificate under which the pages are served.

use crate::appliance::Appliance;
use crate::options::Common;
use crate::report::{Records, Report, WARNED, iso, local};
use almoner_core::control::{CertStatus, Failure, Nothing, Status, names};
use clap::Subcommand;
use serde::Serialize;
use std::fmt;

/// Days before its end from which an unrenewed certificate is worth a warning.
const SOON: i64 = 14;

/// What can be asked about the certificate.
#[derive(Subcommand, Debug)]
pub enum Cert {
    /// Names, dates, and the fingerprint that devices show
    Status,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(CertStatus);

pub(crate) fn run(common: &Common, asked: &Cert) -> Result<Report, Failure> {
    let Cert::Status = asked;
    let appliance = Appliance::of(common);
    let status: CertStatus = appliance.call(names::CERT_STATUS, &Nothing {})?;
    // The appliance's clock decides what "soon" is.
    let now = appliance.call::<_, Status>(names::STATUS, &Nothing {})?.now;
    let soon = (status.not_after - now).num_days() < SOON;
    Ok(Report::new("almoner.cert.status/1", Shown(status)).exits(if soon { WARNED } else { 0 }))
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CertStatus { names, not_before, not_after, renews, ca_fingerprint } = &self.0;
        writeln!(f, "for       {}", names.join(", "))?;
        writeln!(f, "valid     {} to {}", local(*not_before), local(*not_after))?;
        writeln!(f, "renewed   {}, by itself", local(*renews))?;
        write!(f, "CA        SHA-256 {ca_fingerprint}")
    }
}

impl Records for Shown {
    fn records(&self) -> Vec<Vec<String>> {
        let CertStatus { names, not_before, not_after, renews, ca_fingerprint } = &self.0;
        let dates = [not_before, not_after, renews].map(|at| iso(*at));
        let row = [names.join(",")].into_iter().chain(dates).chain([ca_fingerprint.clone()]);
        vec![row.collect()]
    }
}
