//! A disk that can lose power: it records every operation, and from the record makes the images
//! that a real disk could hold after a cut at any moment.
//!
//! What was written before the last completed sync is there. Of what came after, any part may be
//! there, in any order, torn at any sector or byte, depending on the [`Device`].

use redb::StorageBackend;
use std::io;
use std::sync::{Arc, Mutex};

/// One recorded operation.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// Bytes written at an offset.
    Write(u64, Arc<[u8]>),
    /// The file was given this length.
    SetLen(u64),
    /// A sync completed.
    Sync,
    /// The store told its caller that the change of this number is safe.
    Ack(u64),
}

/// How a disk behaves when power fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Device {
    /// Each write is done whole or not at all, in any order.
    Writes,
    /// Sectors of 512 bytes are written whole or not at all, in any order.
    Sectors,
    /// A write may stop at any byte.
    Bytes,
    /// As `Sectors`, and the 4 KiB block being written may be destroyed with its neighbours in it.
    Ruins,
    /// As `Sectors`, and any sector not yet synced may hold random bytes.
    Noise,
}

/// An operation that shall fail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    /// Number of the operation, counted from the moment the fault is set; reads count too.
    pub(crate) at: u64,
    /// Only this one, or all from here on.
    pub(crate) once: bool,
    /// Error number of the operating system (5 = EIO, 28 = ENOSPC).
    pub(crate) errno: i32,
    /// Of a failing write, the first half reaches the disk.
    pub(crate) half_written: bool,
}

#[derive(Debug, Default)]
struct State {
    live: Vec<u8>,
    log: Vec<Op>,
    operations: u64,
    fault: Option<Fault>,
}

/// The recording disk; clones share it, so a store can be opened on it again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sim(Arc<Mutex<State>>);

/// Small deterministic random numbers (splitmix64, public domain by S. Vigna).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

/// What a cut leaves, and the last change that was acknowledged before it.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    pub(crate) bytes: Vec<u8>,
    pub(crate) acked: u64,
}

impl Device {
    pub(crate) const ALL: [Self; 5] =
        [Self::Writes, Self::Sectors, Self::Bytes, Self::Ruins, Self::Noise];
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` up to and without `high`.
    pub(crate) fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low).max(1)
    }

    pub(crate) fn index(&mut self, length: usize) -> usize {
        (self.next() % length.max(1) as u64) as usize
    }

    /// True so many times in a thousand.
    pub(crate) fn chance(&mut self, in_thousand: u64) -> bool {
        self.next() % 1000 < in_thousand
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let words = (0..length.div_ceil(8)).flat_map(|_| self.next().to_le_bytes());
        words.collect::<Vec<u8>>()[..length].to_vec()
    }
}

impl Sim {
    /// A disk that holds this.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(State { live: bytes, ..State::default() })))
    }

    /// Notes that the change of this number was acknowledged.
    pub(crate) fn ack(&self, number: u64) {
        self.0.lock().unwrap().log.push(Op::Ack(number));
    }

    pub(crate) fn log(&self) -> Vec<Op> {
        self.0.lock().unwrap().log.clone()
    }

    pub(crate) fn log_length(&self) -> usize {
        self.0.lock().unwrap().log.len()
    }

    /// A bit rots while the disk is in use.
    pub(crate) fn flip(&self, at: usize) {
        self.0.lock().unwrap().live[at] ^= 4;
    }

    /// What a process sees now, durable or not.
    pub(crate) fn live(&self) -> Vec<u8> {
        self.0.lock().unwrap().live.clone()
    }

    /// Operations since the last fault was set or removed.
    pub(crate) fn operations(&self) -> u64 {
        self.0.lock().unwrap().operations
    }

    pub(crate) fn set_fault(&self, fault: Option<Fault>) {
        let mut state = self.0.lock().unwrap();
        state.fault = fault;
        state.operations = 0;
    }
}

impl State {
    /// Counts an operation; the fault if it shall fail.
    fn tick(&mut self) -> Option<Fault> {
        self.operations += 1;
        let at = self.operations;
        self.fault.filter(|fault| if fault.once { at == fault.at } else { at >= fault.at })
    }

    fn checked(&mut self) -> io::Result<()> {
        self.tick().map_or(Ok(()), |fault| Err(io::Error::from_raw_os_error(fault.errno)))
    }
}

impl StorageBackend for Sim {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().live.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.checked()?;
        let found = state.live.get(offset as usize..offset as usize + out.len());
        out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.checked()?;
        state.live.resize(len as usize, 0);
        state.log.push(Op::SetLen(len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.checked()?;
        state.log.push(Op::Sync);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        let fault = state.tick();
        let reached = match fault {
            None => data,
            Some(fault) if fault.half_written => &data[..data.len() / 2],
            Some(_) => &[],
        };
        if !reached.is_empty() {
            apply(&mut state.live, offset, reached);
            state.log.push(Op::Write(offset, reached.into()));
        }
        fault.map_or(Ok(()), |fault| Err(io::Error::from_raw_os_error(fault.errno)))
    }
}

/// A moment for a cut, at operation `from` or later: often just before a sync completes, when
/// most is at stake, else anywhere.
pub(crate) fn moment(log: &[Op], from: usize, dice: &mut Dice) -> usize {
    let anywhere = from + dice.index(log.len() + 1 - from);
    let ahead = log.iter().skip(anywhere).position(|op| matches!(op, Op::Sync));
    if dice.chance(500) { ahead.map_or(anywhere, |sync| anywhere + sync) } else { anywhere }
}

/// The disk after a power cut before operation `cut` of `log`, which started on `base`.
pub(crate) fn image(base: &[u8], log: &[Op], cut: usize, seed: u64, device: Device) -> Image {
    let done = &log[..cut];
    let synced = done.iter().rposition(|op| matches!(op, Op::Sync)).map_or(0, |at| at + 1);
    let acked = done.iter().rev().find_map(|op| if let Op::Ack(n) = op { Some(*n) } else { None });
    let mut bytes = base.to_vec();
    for op in &done[..synced] {
        replay(&mut bytes, op);
    }
    lose(&mut bytes, &done[synced..], &mut Dice::new(seed), device);
    Image { bytes, acked: acked.unwrap_or(0) }
}

/// The disk after a cut, if it had lied about the last `lies` syncs: acknowledged them, but kept
/// nothing for certain since the one before.
pub(crate) fn image_of_liar(
    log: &[Op],
    cut: usize,
    lies: usize,
    seed: u64,
    device: Device,
) -> Image {
    let syncs = log[..cut].iter().enumerate().filter(|(_, op)| matches!(op, Op::Sync));
    let honest = syncs.map(|(at, _)| at + 1).rev().nth(lies).unwrap_or(0);
    let (kept, doubtful) = log[..cut].split_at(honest);
    let mut told: Vec<Op> = kept.to_vec();
    told.extend(doubtful.iter().filter(|op| !matches!(op, Op::Sync)).cloned());
    image(&[], &told, told.len(), seed, device)
}

/// Applies what of the unsynced operations reaches the disk.
fn lose(bytes: &mut Vec<u8>, unsynced: &[Op], dice: &mut Dice, device: Device) {
    let every = [500, 50, 950, dice.range(0, 1000)];
    let dropped = every[dice.index(every.len())];
    let length_lost = dice.chance(300);
    let mut pieces: Vec<(u64, &[u8])> = Vec::new();
    for op in unsynced {
        match op {
            Op::SetLen(_) if length_lost => {}
            Op::Write(offset, data) => cut_up(*offset, data, dice, device, &mut pieces),
            other => replay(bytes, other),
        }
    }
    if dice.chance(500) {
        for at in (1..pieces.len()).rev() {
            pieces.swap(at, dice.index(at + 1));
        }
    }
    let end = bytes.len();
    for (offset, piece) in pieces {
        let beyond = length_lost && offset as usize + piece.len() > end;
        if beyond || dice.chance(dropped) {
            continue;
        }
        match device {
            Device::Ruins if dice.chance(30) => {
                let start = offset as usize / 4096 * 4096;
                let ruined = start.min(bytes.len())..(start + 4096).min(bytes.len());
                let junk = dice.bytes(ruined.len());
                bytes[ruined].copy_from_slice(&junk);
            }
            Device::Noise if dice.chance(50) => apply(bytes, offset, &dice.bytes(piece.len())),
            _ => apply(bytes, offset, piece),
        }
    }
}

fn cut_up<'a>(
    offset: u64,
    data: &'a [u8],
    dice: &mut Dice,
    device: Device,
    pieces: &mut Vec<(u64, &'a [u8])>,
) {
    let mut start = 0;
    while start < data.len() {
        let at = offset as usize + start;
        let step = match device {
            Device::Writes => data.len(),
            Device::Bytes => dice.range(1, 700) as usize,
            Device::Sectors | Device::Ruins | Device::Noise => 512 - at % 512,
        };
        let end = data.len().min(start + step);
        pieces.push((at as u64, &data[start..end]));
        start = end;
    }
}

fn replay(bytes: &mut Vec<u8>, op: &Op) {
    match op {
        Op::Write(offset, data) => apply(bytes, *offset, data),
        Op::SetLen(length) => bytes.resize(*length as usize, 0),
        Op::Sync | Op::Ack(_) => {}
    }
}

fn apply(bytes: &mut Vec<u8>, offset: u64, data: &[u8]) {
    let (start, end) = (offset as usize, offset as usize + data.len());
    if end > bytes.len() {
        bytes.resize(end, 0);
    }
    bytes[start..end].copy_from_slice(data);
}
