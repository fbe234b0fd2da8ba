//! The child that reads. The daemon's side starts it, hands it the pieces of a file that it asks for,
//! and hears what the file says; the child's side has no file, no network, and no way back but that
//! socket.

use super::wire::{Order, Say, bytes, receive, send, send_bytes};
use super::{BYTES_A_SECOND, File, Next, Reading, confine, gave_up};
use almoner_core::fault::{Fault, Outcome};
use almoner_formats::tables::lists::Known;
use almoner_store::Desk;
use almoner_store::blobs::PIECE;
use std::collections::VecDeque;
use std::io::{BufReader, ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One child reads so many files and bytes, then another takes its place.
const FILES: u32 = 64;
const BYTES: u64 = 32 << 20;

/// How often the daemon looks at its watch while the child is silent.
const GLANCE: Duration = Duration::from_millis(500);

/// A running child.
pub(crate) struct Child {
    process: std::process::Child,
    from: BufReader<UnixStream>,
    to: UnixStream,
    files: u32,
    bytes: u64,
    sha256: [u8; 32],
    /// How long the daemon may still wait for it, with this file.
    patience: Duration,
}

impl Child {
    /// Starts a child for this file, and others after it.
    pub(crate) fn start(reading: &Reading, file: &File) -> Outcome<Self> {
        let program =
            reading.program.as_ref().ok_or_else(|| Fault::broken("no program to read"))?;
        let (here, there) = UnixStream::pair()?;
        here.set_read_timeout(Some(GLANCE))?;
        let seconds = patience(reading, file).as_secs() + patience(reading, file).as_secs() / 2;
        let process = Command::new(program)
            .args(["read-export", "--memory", &reading.memory_bytes.to_string()])
            .args(["--seconds", &seconds.to_string()])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(there)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self {
            process,
            from: BufReader::with_capacity(256 << 10, here.try_clone()?),
            to: here,
            files: 0,
            bytes: 0,
            sha256: file.sha256,
            patience: Duration::ZERO,
        })
    }

    /// Whether it is to read this file too.
    pub(crate) fn has_room_for(&self, file: &File) -> bool {
        self.files < FILES && self.bytes + file.size <= BYTES
    }

    /// Has it begin with a file.
    pub(crate) fn begin(&mut self, reading: &Reading, file: &File) -> Outcome<()> {
        self.files += 1;
        self.bytes += file.size;
        self.sha256 = file.sha256;
        self.patience = patience(reading, file);
        let order = Order {
            name: file.name.clone(),
            size: file.size,
            limits: reading.limits,
            source: file.source.clone(),
            received: file.received,
            profiles: file.profiles.clone(),
        };
        Ok(send(&mut self.to, &order)?)
    }

    /// What it says next of the file.
    pub(crate) fn next(&mut self, desk: &Desk) -> Outcome<Next> {
        loop {
            let say = receive(&mut Watched { from: &mut self.from, patience: &mut self.patience });
            match say {
                Ok(Say::Want(number)) => {
                    let piece = desk.read(|reader| reader.blob_piece(&self.sha256, number))?;
                    // It asks for what it was told is there: else the store lost it.
                    let piece = piece.ok_or(Fault::Absent("piece of a source document"))?;
                    if send_bytes(&mut self.to, &piece).is_err() {
                        return Ok(self.gone());
                    }
                }
                Ok(Say::Told(told)) => return Ok(Next::Told(told)),
                Ok(Say::End) => return Ok(Next::End),
                Ok(Say::Failed) => {
                    return Ok(Next::GaveUp(gave_up(
                        "reader_failed",
                        "The reader came upon something in this file that it can't handle.",
                    )));
                }
                Err(fault) if fault.kind() == ErrorKind::TimedOut => {
                    return Ok(Next::GaveUp(slow()));
                }
                Err(_) => return Ok(self.gone()),
            }
        }
    }

    /// The child ended before the file did: why.
    fn gone(&mut self) -> Next {
        const XCPU: i32 = 24;
        let _ = self.process.kill();
        let signal = self.process.wait().ok().and_then(|status| status.signal());
        log::warn!("intake: the reader of a file ended with signal {signal:?}");
        Next::GaveUp(match signal {
            Some(XCPU) => slow(),
            _ => gave_up(
                "reader_failed",
                "Reading this file took more memory than is allowed, or made the reader fail.",
            ),
        })
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn slow() -> almoner_core::export::Problem {
    gave_up("reader_too_slow", "Reading this file took longer than is allowed.")
}

/// How long the daemon waits for the child with a file.
fn patience(reading: &Reading, file: &File) -> Duration {
    Duration::from_secs(reading.seconds + file.size / BYTES_A_SECOND)
}

/// Reads as long as there is patience. Only the time counts in which the child is waited for.
struct Watched<'w> {
    from: &'w mut BufReader<UnixStream>,
    patience: &'w mut Duration,
}

impl Read for Watched<'_> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        loop {
            let began = Instant::now();
            let read = self.from.read(into);
            *self.patience = self.patience.saturating_sub(began.elapsed());
            match read {
                Err(fault)
                    if matches!(fault.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    if *self.patience == Duration::ZERO {
                        return Err(ErrorKind::TimedOut.into());
                    }
                }
                other => return other,
            }
        }
    }
}

/// The child itself: reads what it is ordered to, until the daemon lets go of it. Its input is the
/// socket to the daemon.
///
/// # Errors
/// The socket is gone, or the limits can't be set.
pub fn serve(memory_bytes: u64, seconds: u64) -> Outcome<()> {
    confine::confine(memory_bytes, seconds)?;
    std::panic::set_hook(Box::new(|_| {})); // nothing of a file may reach a log
    let socket =
        rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3).map_err(std::io::Error::from)?;
    let mut socket = UnixStream::from(socket);
    while let Ok(order) = receive::<Order>(&mut socket) {
        let say = read(&socket, &order);
        send(&mut socket, &say)?;
    }
    Ok(())
}

fn read(socket: &UnixStream, order: &Order) -> Say {
    let mut pieces = Pieces { socket, size: order.size, at: 0, held: VecDeque::new() };
    let mut out = std::io::BufWriter::with_capacity(64 << 10, socket);
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let known =
            Known { source: &order.source, today: Some(order.received), profiles: &order.profiles };
        almoner_formats::tell(&mut pieces, order.limits, known, &mut |told| {
            // A daemon that is gone reads no more: the next order will not come.
            let _ = send(&mut out, &Say::Told(told)).and_then(|()| out.flush());
        });
    }));
    if read.is_ok() { Say::End } else { Say::Failed }
}

/// The file, as the child has it: piece by piece from the daemon.
struct Pieces<'s> {
    socket: &'s UnixStream,
    size: u64,
    at: u64,
    /// The pieces that were had last, the newest behind.
    held: VecDeque<(u32, Vec<u8>)>,
}

/// Pieces that the child keeps: readers of archives go back and forth between the list at the end
/// and the files before it.
const HELD: usize = 4;

impl Pieces<'_> {
    fn piece(&mut self, number: u32) -> Result<&[u8]> {
        if !self.held.iter().any(|(held, _)| *held == number) {
            send(&mut &*self.socket, &Say::Want(number))?;
            let piece = bytes(&mut &*self.socket)?;
            if self.held.len() >= HELD {
                self.held.pop_front();
            }
            self.held.push_back((number, piece));
        }
        let piece = self.held.iter().find(|(held, _)| *held == number);
        Ok(piece.map(|(_, piece)| piece.as_slice()).unwrap_or_default())
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.at >= self.size {
            return Ok(0);
        }
        let number = u32::try_from(self.at / PIECE as u64).map_err(std::io::Error::other)?;
        let from = usize::try_from(self.at % PIECE as u64).map_err(std::io::Error::other)?;
        let count = self.piece(number)?.get(from..).unwrap_or_default().read(into)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Pieces<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
        };
        self.at = at.ok_or(std::io::Error::from(ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
