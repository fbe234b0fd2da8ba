//! The certificates in use: kept in the sealed store, handed to rustls, renewed in time, swapped
//! while connections go on.

use super::authority::{Papers, fingerprint};
use almoner_core::actor::Actor;
use almoner_core::control::CertStatus;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::time::{Clock, Timestamp};
use almoner_store::{Act, Desk, Verb};
use arc_swap::ArcSwap;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;

/// Name of the row that holds the papers.
const ROW: &str = "tls_papers";

/// The certificates of the appliance. They go by the machine's clock, not the appliance's: a
/// demonstration on another day must still be trusted today.
pub(crate) struct Certificates {
    desk: Desk,
    provider: Arc<CryptoProvider>,
    now: ArcSwap<InUse>,
}

struct InUse {
    papers: Papers,
    key: Arc<CertifiedKey>,
}

impl Certificates {
    /// The papers of the store, renewed when due; new ones at the first start, or when the
    /// authority may not sign for one of `names`. The second value is the root's key when a root
    /// was made: for the recovery kit, and nowhere else.
    pub fn open(desk: &Desk, names: &[String], clinic: &str) -> Outcome<(Self, Option<String>)> {
        let provider = Arc::new(ring::default_provider());
        let kept = desk.read(|reader| reader.meta(ROW))?;
        let kept: Option<Papers> = kept
            .map(|bytes| serde_json::from_slice(&bytes))
            .transpose()
            .map_err(|cause| Fault::Broken(Box::new(cause)))?;
        let covered = |papers: &Papers| names.iter().all(|name| papers.names.contains(name));
        let (papers, root_key) = if let Some(papers) = kept.filter(covered) {
            (papers, None)
        } else {
            let (papers, key) = Papers::found(names, clinic, machine_now())?;
            keep(desk, &papers, "certificate.found")?;
            (papers, Some(key))
        };
        let in_use = certified(&provider, papers)?;
        let certificates =
            Self { desk: desk.clone(), provider, now: ArcSwap::from_pointee(in_use) };
        certificates.renew_if_due()?;
        Ok((certificates, root_key))
    }

    /// Issues a new leaf when it is time; true when it did. Connections go on.
    pub fn renew_if_due(&self) -> Outcome<bool> {
        let papers = self.now.load().papers.clone();
        if !papers.is_due(machine_now()) {
            return Ok(false);
        }
        let papers = papers.renewed(machine_now())?;
        keep(&self.desk, &papers, "certificate.renew")?;
        self.now.store(Arc::new(certified(&self.provider, papers)?));
        Ok(true)
    }

    /// The root, as PEM: what devices must trust.
    pub fn root(&self) -> String {
        self.now.load().papers.root.clone()
    }

    /// What the certificates say, for the status.
    pub fn status(&self) -> CertStatus {
        let papers = &self.now.load().papers;
        CertStatus {
            names: papers.names.clone(),
            not_before: papers.begins(),
            not_after: papers.ends(),
            renews: papers.renews(),
            ca_fingerprint: fingerprint(&papers.root),
        }
    }

    /// The configuration of TLS with these certificates: version 1.3, and 1.2 where it is asked
    /// for; ring's ciphers; HTTP/2 and HTTP/1.1.
    pub fn server_config(self: &Arc<Self>, tls12: bool) -> Outcome<rustls::ServerConfig> {
        let versions: &[&rustls::SupportedProtocolVersion] = if tls12 {
            &[&rustls::version::TLS13, &rustls::version::TLS12]
        } else {
            &[&rustls::version::TLS13]
        };
        let resolver = Arc::new(Resolver(Arc::clone(self)));
        let mut config = rustls::ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(versions)
            .map_err(|cause| Fault::Broken(Box::new(cause)))?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

struct Resolver(Arc<Certificates>);

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the appliance's certificate")
    }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.now.load().key))
    }
}

/// The machine's own clock.
fn machine_now() -> Timestamp {
    Clock::default().now()
}

fn keep(desk: &Desk, papers: &Papers, verb: &'static str) -> Outcome<()> {
    let row = serde_json::to_vec(papers).map_err(|cause| Fault::Broken(Box::new(cause)))?;
    let act = Act::new(Actor::Appliance, Verb(verb), desk.clock().now());
    let work = move |writer: &mut almoner_store::Writer<'_>| {
        writer.set_meta(ROW, Some(&row));
        writer.witness("done");
        Ok(())
    };
    desk.write_bulk(act, work).wait()
}

fn certified(provider: &CryptoProvider, papers: Papers) -> Outcome<InUse> {
    let broken = |cause: rustls_pki_types::pem::Error| {
        Fault::broken(format!("a certificate of the store can't be read: {cause:?}"))
    };
    let mut chain = Vec::new();
    for pem in [&papers.leaf, &papers.intermediate] {
        chain.push(CertificateDer::from_pem_slice(pem.as_bytes()).map_err(broken)?);
    }
    let key = PrivateKeyDer::from_pem_slice(papers.leaf_key.as_bytes()).map_err(broken)?;
    let key = CertifiedKey::from_der(chain, key, provider)
        .map_err(|cause| Fault::Broken(Box::new(cause)))?;
    Ok(InUse { papers, key: Arc::new(key) })
}
