//! Facts of particular documents, read by eye in the XML.
