//! Making certificates: root, intermediate and leaf. Root and intermediate may sign for exactly our
//! names and addresses and nothing else.

use almoner_core::fault::{Fault, Outcome};
use almoner_core::time::Timestamp;
use chrono::{Datelike, TimeDelta};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
    PKCS_ECDSA_P256_SHA256,
};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::net::IpAddr;

/// Life of a leaf, and when it is renewed.
const LEAF_LIFE: TimeDelta = TimeDelta::days(90);
const RENEW_AFTER: TimeDelta = TimeDelta::days(60);
/// Life of root and intermediate.
const CA_LIFE: TimeDelta = TimeDelta::days(3650);
/// Devices' clocks may lag behind by this.
const LAG: TimeDelta = TimeDelta::hours(48);

/// The appliance's certificates, as the sealed store keeps them. The root's key is not among them:
/// it goes into the recovery kit.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Papers {
    /// Names and addresses that the authority may sign for.
    pub names: Vec<String>,
    pub root: String,
    pub intermediate: String,
    intermediate_key: String,
    pub leaf: String,
    pub leaf_key: String,
    /// When the leaf was issued.
    pub issued: Timestamp,
}

impl Papers {
    /// Makes an authority and a first leaf. The second value is the root's key, for the recovery
    /// kit only.
    pub fn found(names: &[String], clinic: &str, now: Timestamp) -> Outcome<(Self, String)> {
        let root_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(broken)?;
        let root_params = authority(names, &format!("{clinic} Almoner root"), now, 1)?;
        let root = root_params.self_signed(&root_key).map_err(broken)?;
        let root_pem = root.pem();
        let key_text = root_key.serialize_pem();
        let issuer = Issuer::new(root_params, root_key);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(broken)?;
        let mut params = authority(names, &format!("{clinic} Almoner appliance"), now, 0)?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let intermediate = params.signed_by(&key, &issuer).map_err(broken)?;
        let papers = Self {
            names: names.to_vec(),
            root: root_pem,
            intermediate: intermediate.pem(),
            intermediate_key: key.serialize_pem(),
            leaf: String::new(),
            leaf_key: String::new(),
            issued: now,
        };
        Ok((papers.renewed(now)?, key_text))
    }

    /// The same papers with a new leaf.
    pub fn renewed(mut self, now: Timestamp) -> Outcome<Self> {
        let key = KeyPair::from_pem(&self.intermediate_key).map_err(broken)?;
        let issuer = Issuer::from_ca_cert_pem(&self.intermediate, key).map_err(broken)?;
        let mut params = CertificateParams::new(self.names.clone()).map_err(broken)?;
        let name = self.names.first().cloned().unwrap_or_default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.is_ca = IsCa::ExplicitNoCa;
        validity(&mut params, now - LAG, now + LEAF_LIFE);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(broken)?;
        self.leaf = params.signed_by(&key, &issuer).map_err(broken)?.pem();
        self.leaf_key = key.serialize_pem();
        self.issued = now;
        Ok(self)
    }

    /// Whether it is time for a new leaf.
    pub fn is_due(&self, now: Timestamp) -> bool {
        now >= self.renews() || now < self.issued - LAG
    }

    /// When the leaf will be renewed, and when it would end.
    pub fn renews(&self) -> Timestamp {
        self.issued + RENEW_AFTER
    }
    /// The first instant at which the leaf is not valid any more.
    pub fn ends(&self) -> Timestamp {
        midnight(self.issued + LEAF_LIFE)
    }
    /// The first instant at which the leaf is valid.
    pub fn begins(&self) -> Timestamp {
        midnight(self.issued - LAG)
    }
}

/// SHA-256 of a certificate, as devices show it: `AB:CD:…`.
pub(crate) fn fingerprint(pem: &str) -> String {
    let der = CertificateDer::from_pem_slice(pem.as_bytes());
    let der = der.as_deref().unwrap_or_default();
    let digest = ring::digest::digest(&ring::digest::SHA256, der);
    let mut text = String::new();
    for (place, byte) in digest.as_ref().iter().enumerate() {
        let _ = write!(text, "{}{byte:02X}", if place == 0 { "" } else { ":" });
    }
    text
}

fn authority(
    names: &[String],
    name: &str,
    now: Timestamp,
    below: u8,
) -> Outcome<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new()).map_err(broken)?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(below));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = below == 0;
    params.name_constraints = Some(constraints(names));
    validity(&mut params, now - LAG, now + CA_LIFE);
    Ok(params)
}

/// Permits exactly our names and addresses. A kind of name without a permitted one is excluded
/// whole: an unlisted kind would be free (RFC 5280 4.2.1.10).
fn constraints(names: &[String]) -> NameConstraints {
    let mut permitted = Vec::new();
    let mut excluded = Vec::new();
    let addresses: Vec<IpAddr> = names.iter().filter_map(|name| name.parse().ok()).collect();
    for name in names.iter().filter(|name| name.parse::<IpAddr>().is_err()) {
        permitted.push(GeneralSubtree::DnsName(name.clone()));
    }
    for address in &addresses {
        let whole = if address.is_ipv4() { 32 } else { 128 };
        permitted.push(GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, whole)));
    }
    if addresses.is_empty() {
        excluded.push(GeneralSubtree::IpAddress(CidrSubnet::V4([0; 4], [0; 4])));
        excluded.push(GeneralSubtree::IpAddress(CidrSubnet::V6([0; 16], [0; 16])));
    }
    NameConstraints { permitted_subtrees: permitted, excluded_subtrees: excluded }
}

fn midnight(at: Timestamp) -> Timestamp {
    at.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}

/// Whole days, in UTC: no device minds, and nothing of the minute of making shows.
fn validity(params: &mut CertificateParams, from: Timestamp, to: Timestamp) {
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    params.not_before = rcgen::date_time_ymd(from.year(), part(from.month()), part(from.day()));
    params.not_after = rcgen::date_time_ymd(to.year(), part(to.month()), part(to.day()));
}

fn broken(cause: rcgen::Error) -> Fault {
    Fault::broken(format!("a certificate could not be made: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_leaf_is_renewed_at_sixty_days_by_the_same_authority() {
        let names = ["almoner.test".to_owned(), "192.168.1.5".to_owned()];
        let start = at("2026-11-22T10:00:00Z");
        let (papers, root_key) = Papers::found(&names, "Harbor", start).unwrap();
        assert!(root_key.contains("PRIVATE KEY"));
        assert!(!papers.is_due(start + TimeDelta::days(59)));
        let later = start + TimeDelta::days(60);
        assert!(papers.is_due(later));
        let renewed = papers.clone().renewed(later).unwrap();
        assert_eq!(renewed.root, papers.root);
        assert_ne!(renewed.leaf, papers.leaf);
        assert!(!renewed.is_due(later));
        assert_eq!(fingerprint(&papers.root).len(), 95);
    }
}
