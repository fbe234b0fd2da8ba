//! What the reading child may do: compute, and speak over the socket that it was given. No file, no
//! network, no other process; so much memory and time (`security.md` 2.5). What a kernel can't
//! enforce (an old one, a container) is left out: the limits of memory and time are always there.

use almoner_core::fault::{Fault, Outcome};
use landlock::{ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr};
use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use std::collections::BTreeMap;

/// System calls of a reader: memory, time, the socket, and an orderly end.
const ALLOWED: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_recvfrom,
    libc::SYS_sendto,
    libc::SYS_fcntl,
    libc::SYS_close,
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_mprotect,
    libc::SYS_futex,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_sched_yield,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_tgkill,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Gives up everything but what reading needs.
pub(super) fn confine(memory_bytes: u64, seconds: u64) -> Outcome<()> {
    let limit = |resource, most: u64| {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
            .map_err(std::io::Error::from)
    };
    limit(Resource::As, memory_bytes)?;
    limit(Resource::Cpu, seconds)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    limit(Resource::Nproc, 0)?;
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(std::io::Error::from)?;
    let _ = close_world();
    let _ = narrow_calls();
    Ok(())
}

/// No path of any file system, and no port.
fn close_world() -> Result<(), landlock::RulesetError> {
    let abi = ABI::V4;
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .create()?
        .restrict_self()?;
    Ok(())
}

/// Other system calls fail, as if the process had no right to them.
fn narrow_calls() -> Outcome<()> {
    let broken = |cause: seccompiler::BackendError| Fault::Broken(Box::new(cause));
    let arch = std::env::consts::ARCH.try_into().map_err(broken)?;
    let rules: BTreeMap<i64, _> = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let filter = SeccompFilter::new(rules, refuse, SeccompAction::Allow, arch).map_err(broken)?;
    let program: BpfProgram = filter.try_into().map_err(broken)?;
    seccompiler::apply_filter(&program).map_err(|cause| Fault::Broken(Box::new(cause)))
}
