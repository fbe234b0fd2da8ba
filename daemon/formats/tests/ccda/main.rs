//! The C-CDA reader against the development data: the truth tables row by row, facts read by eye,
//! and damaged input.

#[cfg(test)]
mod beside;
#[cfg(test)]
mod bodies;
#[cfg(test)]
mod denials;
#[cfg(test)]
mod entries;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod header;
#[cfg(test)]
mod made;
#[cfg(test)]
mod medicines;
#[cfg(test)]
mod mutants;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod sections;
#[cfg(test)]
mod table;
#[cfg(test)]
mod truth;
#[cfg(test)]
mod values;
#[cfg(test)]
mod wording;
