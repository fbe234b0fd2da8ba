//! The shelf: stored source documents, read once more. Those that were read last stay at hand, up to
//! so many bytes, because one patient's documents are often the next one's too.

use crate::reader::{File, Next, Reader, Reading};
use almoner_core::export::{Ending, Told, Unreadable};
use almoner_core::fault::Outcome;
use almoner_formats::{Member, gather};
use almoner_frame::intake::IntakeFile;
use almoner_frame::lists;
use almoner_store::Desk;
use std::collections::VecDeque;
use std::sync::Arc;

/// Bytes of source documents that are kept read.
const HOLDS: u64 = 48 << 20;

/// Documents that were read last.
pub(crate) struct Shelf {
    reader: Reader,
    held: VecDeque<([u8; 32], u64, Arc<Vec<Member>>)>,
}

impl Shelf {
    pub(crate) fn new(desk: &Desk, reading: &Reading) -> Self {
        Self { reader: Reader::new(desk, reading), held: VecDeque::new() }
    }

    /// What this program reads in a stored file.
    pub(crate) fn read(&mut self, desk: &Desk, file: &IntakeFile) -> Outcome<Arc<Vec<Member>>> {
        let digest = file.sha256.0;
        if let Some((.., members)) = self.held.iter().find(|(known, ..)| *known == digest) {
            return Ok(Arc::clone(members));
        }
        let members = Arc::new(self.read_now(desk, file)?);
        self.held.push_back((digest, file.receipt.bytes, Arc::clone(&members)));
        while self.held.len() > 1 && self.held.iter().map(|it| it.1).sum::<u64>() > HOLDS {
            self.held.pop_front();
        }
        Ok(members)
    }

    fn read_now(&mut self, desk: &Desk, file: &IntakeFile) -> Outcome<Vec<Member>> {
        let receipt = &file.receipt;
        self.reader.begin(&File {
            name: receipt.name.clone(),
            sha256: file.sha256.0,
            size: receipt.bytes,
            source: receipt.source.clone(),
            received: desk.rules().zone.day(receipt.received),
            profiles: desk.read(lists::profiles)?,
        })?;
        let mut told = Vec::new();
        loop {
            match self.reader.next()? {
                Next::Told(one) => told.push(one),
                Next::End => return Ok(gather(told)),
                Next::GaveUp(problem) => {
                    let outcome = Err(Unreadable { format: receipt.format.clone(), problem });
                    let ending = Ending { path: String::new(), outcome };
                    told.push(Told::End(Box::new(ending)));
                    return Ok(gather(told));
                }
            }
        }
    }
}
