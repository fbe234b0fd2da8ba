//! Commands of the control socket: what an administrator of the machine may ask the daemon. Areas
//! and the daemon offer them, `serve` takes the calls. Counts and ids only: no command shows a
//! patient's data.

use almoner_core::actor::Actor;
use almoner_core::control::Failure;
use almoner_store::{Act, Desk, Verb};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Who calls at the socket.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Unix user name, or `uid-N` where the machine knows none.
    pub name: String,
    pub uid: u32,
}

type Run = Box<dyn Fn(&Desk, &Caller, Value) -> Result<Value, Failure> + Send + Sync>;

/// One command.
pub struct Command {
    /// `user.add`, `trail.head` …: the last part of its address.
    pub name: &'static str,
    run: Run,
}

impl Command {
    /// A command with its own types of arguments and answer (`core::control`).
    pub fn new<Q, A>(
        name: &'static str,
        run: impl Fn(&Desk, &Caller, Q) -> Result<A, Failure> + Send + Sync + 'static,
    ) -> Self
    where
        Q: DeserializeOwned,
        A: Serialize,
    {
        let run = move |desk: &Desk, caller: &Caller, body: Value| {
            let asked = serde_json::from_value(body)
                .map_err(|cause| Failure::usage(format!("the arguments don't fit: {cause}")))?;
            let answer = run(desk, caller, asked)?;
            serde_json::to_value(answer).map_err(|cause| Failure::failed(cause.to_string()))
        };
        Self { name, run: Box::new(run) }
    }

    /// Runs it. Blocking.
    pub fn run(&self, desk: &Desk, caller: &Caller, body: Value) -> Result<Value, Failure> {
        (self.run)(desk, caller, body)
    }
}

impl Caller {
    /// The act of a command, for the trail.
    pub fn act(&self, desk: &Desk, verb: Verb) -> Act {
        Act::new(Actor::Admin(self.name.clone()), verb, desk.clock().now())
    }
}
