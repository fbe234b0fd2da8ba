//! Work that is done anew: what was made of some records is taken away and made again, on the side;
//! then only what came out otherwise than it stands is laid in. What came out the same was never
//! touched: it keeps its version, and nothing of it stands on the trail.

use crate::codec;
use crate::engine::Changes;
use crate::record::{Derived, Kind, KindEntry, Record, decode};
use crate::tables::Table;
use crate::unit::Unit;
use crate::writer::Writer;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RawId};

/// A record that came out otherwise: as it stood, as it stands now.
pub struct Turned {
    pub kind: Kind,
    pub id: RawId,
    pub patient: Option<PatientId>,
    before: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
}

impl Turned {
    /// As it stood, where it is of this type and there was one.
    pub fn before<R: Record>(&self) -> Outcome<Option<R>> {
        self.read(self.before.as_deref())
    }

    /// As it stands now, where it is of this type and there still is one.
    pub fn after<R: Record>(&self) -> Outcome<Option<R>> {
        self.read(self.after.as_deref())
    }

    fn read<R: Record>(&self, row: Option<&[u8]>) -> Outcome<Option<R>> {
        let row = row.filter(|_| self.kind == R::KIND);
        Ok(row.map(decode::<R>).transpose()?.map(|(_, record)| record))
    }
}

impl Writer<'_> {
    /// Does work on the side, areas reacting as ever, and lays in what came out otherwise.
    pub fn anew(
        &mut self,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<()>,
    ) -> Outcome<Vec<Turned>> {
        let side = Unit::new(self.unit);
        work(&mut Writer::new(&side, self.around(), self.act(), Some(&**self)))?;
        let mut turned = Vec::new();
        for (table, changes) in side.into_changes().collect::<Vec<_>>() {
            match table {
                Table::Records => {
                    for (key, row) in changes {
                        turned.extend(self.turn(key, row)?);
                    }
                }
                // The images that stood before are kept by `turn`.
                Table::History => {}
                _ => self.lay(table, changes)?,
            }
        }
        Ok(turned)
    }

    fn lay(&self, table: Table, changes: Changes) -> Outcome<()> {
        for (key, value) in changes {
            if self.unit.get(table, &key)? != value {
                self.unit.set(table, key, value);
            }
        }
        Ok(())
    }

    fn turn(&mut self, key: Vec<u8>, row: Option<Vec<u8>>) -> Outcome<Option<Turned>> {
        let before = self.unit.get(Table::Records, &key)?;
        if same_body(before.as_deref(), row.as_deref())? {
            return Ok(None);
        }
        let (entry, id) = self.of_key(&key)?;
        let rules = self.rules();
        let derived = |row: &Option<Vec<u8>>| -> Outcome<Option<Derived>> {
            row.as_deref().map(|row| (entry.derive)(row, rules)).transpose()
        };
        let (old, new) = (derived(&before)?, derived(&row)?);
        let patient = new.as_ref().or(old.as_ref()).and_then(|it| it.patient);
        let loops = |of: Option<Derived>| of.map(|it| it.loops).unwrap_or_default();
        self.tally(&loops(old), &loops(new));
        let mut version = 0;
        if let Some(before) = &before {
            version = codec::split(before)?.0.version;
            if entry.history {
                let at = [key.as_slice(), &version.to_be_bytes()].concat();
                self.unit.set(Table::History, at, Some(before.clone()));
            }
        }
        if entry.witnessed {
            self.witness.changed(entry.kind, id, patient);
        }
        let after = row.map(|row| codec::numbered(row, version + 1)).transpose()?;
        self.unit.set(Table::Records, key, after.clone());
        Ok(Some(Turned { kind: entry.kind, id, patient, before, after }))
    }

    fn of_key(&self, key: &[u8]) -> Outcome<(KindEntry, RawId)> {
        let unknown = || Fault::broken("a record of a kind that no area has");
        let (code, id) = key.split_first_chunk::<2>().ok_or_else(unknown)?;
        let id = id.first_chunk::<16>().ok_or_else(unknown)?;
        let code = u16::from_be_bytes(*code);
        let entry = self.around().kinds.iter().find(|it| it.kind.code == code);
        Ok((*entry.ok_or_else(unknown)?, RawId::from_bytes(*id)))
    }
}

fn same_body(a: Option<&[u8]>, b: Option<&[u8]>) -> Outcome<bool> {
    Ok(match (a, b) {
        (Some(a), Some(b)) => {
            let ((a_head, a_body), (b_head, b_body)) = (codec::split(a)?, codec::split(b)?);
            a_head.shape == b_head.shape && a_body == b_body
        }
        (None, None) => true,
        _ => false,
    })
}
