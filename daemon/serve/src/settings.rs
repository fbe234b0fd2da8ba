//! The doors' limits and times, with their defaults (`security.md` 2.1 and 2.3).

use std::time::Duration;

/// What the configuration may say about the doors.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Names and addresses under which the appliance is reached; anything else is refused (421).
    pub hosts: Vec<String>,
    /// Also speak TLS 1.2.
    pub tls12: bool,
    /// A session ends after so many minutes without a request (2 to 30) …
    pub idle_minutes: i64,
    /// … and in any case after so many hours.
    pub session_hours: i64,
    /// Fewest characters of a password that stands alone (NIST 800-63B-4: 15).
    pub password_length: usize,
    pub password_cost: Cost,
    /// Failed sign-ins per minute from one address, and from all together.
    pub failures_per_source: u32,
    pub failures_in_all: u32,
    pub limits: Limits,
}

/// Cost of argon2id. The default is that of `security.md` 2.1; tests take a cheaper one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

/// Limits of connections and requests.
#[derive(Clone, Debug)]
pub struct Limits {
    pub connections: usize,
    pub connections_per_address: usize,
    pub handshake: Duration,
    /// For the head of a request, and for the first request of a connection.
    pub header: Duration,
    pub body: Duration,
    /// A connection without a request is closed after this.
    pub keep_alive: Duration,
    pub body_bytes: usize,
    /// What still runs at the end is given this long.
    pub shutdown: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hosts: ["almoner.localhost", "localhost", "127.0.0.1", "::1"].map(Into::into).to_vec(),
            tls12: false,
            idle_minutes: 15,
            session_hours: 12,
            password_length: 15,
            password_cost: Cost::default(),
            failures_per_source: 20,
            failures_in_all: 100,
            limits: Limits::default(),
        }
    }
}

impl Default for Cost {
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            connections_per_address: 64,
            handshake: Duration::from_secs(5),
            header: Duration::from_secs(10),
            body: Duration::from_secs(30),
            keep_alive: Duration::from_mins(1),
            body_bytes: 1 << 20,
            shutdown: Duration::from_secs(10),
        }
    }
}
