//! What is asked of the person at the terminal: secrets, and names typed before something is lost.
//! Secrets never come as arguments: other people can read those.

use crate::options::Loss;
use almoner_core::control::Failure;
use almoner_store::keys::{Kek, RecoveryKey};
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// Asks for a name to be typed before something is lost; `--yes` answers for scripts.
pub(crate) fn typed_name(loss: Loss, what: &str, name: &str) -> Result<(), Failure> {
    if loss.yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(format!("{what} {name}: nobody is there to confirm it"))
            .hint("add --yes to do it from a script"));
    }
    let typed = line(&format!("{what} {name}. Type {name} to go on: "))?;
    if typed.trim() == name {
        Ok(())
    } else {
        Err(Failure::new(1, "not_confirmed", "the name was not typed: nothing was changed"))
    }
}

/// Asks for a line of text that is no secret.
pub(crate) fn line(question: &str) -> Result<String, Failure> {
    let failed = |cause: std::io::Error| Failure::failed(format!("no answer: {cause}"));
    let mut out = std::io::stderr();
    out.write_all(question.as_bytes()).and_then(|()| out.flush()).map_err(failed)?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(failed)?;
    Ok(answer)
}

/// The recovery key, from a file or typed without being shown.
pub(crate) fn recovery_key(file: Option<&Path>) -> Result<RecoveryKey, Failure> {
    let text = match file {
        Some(file) => std::fs::read_to_string(file).map(Zeroizing::new).map_err(|cause| {
            Failure::failed(format!("the recovery key file {}: {cause}", file.display()))
        })?,
        None => rpassword::prompt_password("Recovery key (8 groups): ")
            .map(Zeroizing::new)
            .map_err(|cause| {
                Failure::usage(format!("no recovery key: {cause}"))
                    .hint("type it at a terminal, or give --recovery-key-file FILE")
            })?,
    };
    RecoveryKey::parse(&text).map_err(|cause| {
        Failure::new(10, "wrong_key", format!("this is no recovery key: {cause}"))
            .hint("compare it with the printed sheet, group by group")
    })
}

/// The appliance's own key: from the file of the configuration, or from the systemd credential of
/// the unit this runs in.
pub(crate) fn device_key(file: &Path, credential: &str) -> Result<Kek, Failure> {
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY");
    let path = match folder {
        _ if !file.as_os_str().is_empty() => file.to_owned(),
        Some(folder) => Path::new(&folder).join(credential),
        None => {
            return Err(Failure::new(10, "no_key", "the appliance's own key is not at hand").hint(
                format!(
                    "systemd-run --pipe --wait -p LoadCredentialEncrypted={credential} almoner …"
                ),
            ));
        }
    };
    Kek::read_file(&path).map_err(|cause| {
        Failure::new(10, "no_key", format!("the appliance's key {}: {cause}", path.display()))
    })
}
