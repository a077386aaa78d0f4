//! One index on disk, with its writer and its readers.

use crate::schema::{Fields, SCHEMA, laid, schema, tokenizers};
use crate::seen::Seen;
use huiyin_domain::search::{Changes, Document, Failure, Mark};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tantivy::directory::MmapDirectory;
use tantivy::index::{IndexSortByField, Order};
use tantivy::store::Compressor;
use tantivy::{Index, IndexBuilder, IndexReader, IndexSettings, IndexWriter, ReloadPolicy};
use tantivy::{TantivyDocument, TantivyError};

/// Memory of the writer while it follows, bytes; 15 MB are the least.
const FOLLOWING: usize = 20_000_000;
/// Memory of the writer while an index is made, bytes.
const MAKING: usize = 120_000_000;
/// Documents after which an index that is made shows what it has.
const SHOWN_EVERY: u64 = 20_000;

/// What is committed beside the documents.
#[derive(Serialize, Deserialize)]
struct Payload {
    schema: u32,
    mark: Mark,
}

/// One index on disk.
pub(crate) struct Generation {
    pub(crate) folder: PathBuf,
    pub(crate) fields: Fields,
    index: Index,
    reader: IndexReader,
    seen: RwLock<Arc<Seen>>,
    writer: Mutex<Option<IndexWriter>>,
    mark: RwLock<Option<Mark>>,
    laid: AtomicU64,
}

pub(crate) fn failed(error: &TantivyError) -> Failure {
    Failure(error.to_string())
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure(error.to_string())
}

impl Generation {
    /// Makes an empty one in a folder that is not there yet.
    pub(crate) fn make(folder: &Path) -> Result<Self, Failure> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(broken)?;
        let (schema, fields) = schema();
        let settings = IndexSettings {
            sort_by_field: Some(IndexSortByField { field: "at".to_owned(), order: Order::Desc }),
            docstore_compression: Compressor::Lz4,
            ..IndexSettings::default()
        };
        let directory = MmapDirectory::open(folder).map_err(broken)?;
        let index = IndexBuilder::new().schema(schema).settings(settings).tokenizers(tokenizers());
        let index = index.open_or_create(directory).map_err(|error| failed(&error))?;
        Self::around(folder, index, fields, MAKING)
    }

    /// Opens one that was finished; nothing when it cannot be trusted.
    pub(crate) fn open(folder: &Path) -> Result<Option<Self>, Failure> {
        let mut index = Index::open_in_dir(folder).map_err(|error| failed(&error))?;
        let damaged = index.validate_checksum().map_err(|error| failed(&error))?;
        if let Some(file) = damaged.iter().next() {
            return Err(Failure(format!("{} is damaged", file.display())));
        }
        index.set_tokenizers(tokenizers());
        let (_, fields) = schema();
        let meta = index.load_metas().map_err(|error| failed(&error))?;
        let payload: Option<Payload> =
            meta.payload.as_deref().and_then(|payload| serde_json::from_str(payload).ok());
        let Some(payload) = payload.filter(|payload| payload.schema == SCHEMA) else { return Ok(None) };
        let opened = Self::around(folder, index, fields, FOLLOWING)?;
        *opened.mark.write().unwrap_or_else(PoisonError::into_inner) = Some(payload.mark);
        Ok(Some(opened))
    }

    fn around(folder: &Path, index: Index, fields: Fields, memory: usize) -> Result<Self, Failure> {
        let writer = writer(&index, memory)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader: IndexReader = reader.try_into().map_err(|error: TantivyError| failed(&error))?;
        let seen = Seen::of(reader.searcher()).map_err(|error| failed(&error))?;
        Ok(Self {
            folder: folder.to_owned(),
            fields,
            index,
            reader,
            seen: RwLock::new(Arc::new(seen)),
            writer: Mutex::new(Some(writer)),
            mark: RwLock::new(None),
            laid: AtomicU64::new(0),
        })
    }

    /// Gives what is searched now.
    pub(crate) fn seen(&self) -> Arc<Seen> {
        Arc::clone(&self.seen.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets what was committed be found.
    fn show(&self) -> Result<(), Failure> {
        // one at a time, so that what was shown later stays
        let _turn = self.writer();
        let seen = self.reader.reload().and_then(|()| Seen::of(self.reader.searcher()));
        let seen = Arc::new(seen.map_err(|error| failed(&error))?);
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(())
    }

    pub(crate) fn mark(&self) -> Option<Mark> {
        self.mark.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Documents laid in since it was made.
    pub(crate) fn laid(&self) -> u64 {
        self.laid.load(Ordering::Relaxed)
    }

    fn writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_writer<T>(
        &self,
        work: impl FnOnce(&mut IndexWriter) -> Result<T, TantivyError>,
    ) -> Result<T, Failure> {
        let mut held = self.writer();
        let writer = held.as_mut().ok_or_else(|| Failure("the writer has ended".to_owned()))?;
        work(writer).map_err(|error| failed(&error))
    }

    /// Lays documents in that are not there yet.
    pub(crate) fn lay(&self, documents: &[Document]) -> Result<(), Failure> {
        let fields = self.fields.clone();
        self.with_writer(|writer| {
            for document in documents {
                writer.add_document(laid(&fields, document))?;
            }
            Ok(())
        })?;
        let before = self.laid.fetch_add(documents.len() as u64, Ordering::Relaxed);
        let after = before + documents.len() as u64;
        if before / SHOWN_EVERY != after / SHOWN_EVERY {
            self.with_writer(|writer| writer.commit().map(drop))?;
            self.show()?;
        }
        Ok(())
    }

    /// Replaces and removes documents, and shows the change.
    pub(crate) fn apply(&self, changes: &Changes, mark: &Mark) -> Result<(), Failure> {
        let fields = &self.fields;
        self.with_writer(|writer| {
            for key in changes.gone.iter().chain(changes.put.iter().map(|document| &document.key)) {
                writer.delete_term(fields.key(key));
            }
            for document in &changes.put {
                writer.add_document(laid(fields, document))?;
            }
            Ok(())
        })?;
        self.commit(mark)?;
        if changes.erased { self.purge() } else { Ok(()) }
    }

    /// Commits with a mark, and shows what is there.
    pub(crate) fn commit(&self, mark: &Mark) -> Result<(), Failure> {
        let payload = Payload { schema: SCHEMA, mark: mark.clone() };
        let payload = serde_json::to_string(&payload).map_err(broken)?;
        self.with_writer(|writer| {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&payload);
            prepared.commit().map(drop)
        })?;
        self.show()?;
        *self.mark.write().unwrap_or_else(PoisonError::into_inner) = Some(mark.clone());
        Ok(())
    }

    /// Writes parts with removed documents anew, so that their words leave the files.
    fn purge(&self) -> Result<(), Failure> {
        let metas = self.index.searchable_segment_metas().map_err(|error| failed(&error))?;
        let mut held = self.writer();
        let Some(writer) = held.as_mut() else { return Ok(()) };
        for meta in metas.iter().filter(|meta| meta.num_deleted_docs() > 0) {
            // runs beside; a part that is being merged already loses them there
            drop(writer.merge(&[meta.id()]));
        }
        Ok(())
    }

    /// Waits until nothing is merged any more, then goes on with little memory.
    pub(crate) fn settle(&self) -> Result<(), Failure> {
        let mut held = self.writer();
        if let Some(writer) = held.take() {
            writer.wait_merging_threads().map_err(|error| failed(&error))?;
        }
        *held = Some(writer(&self.index, FOLLOWING)?);
        if let Some(writer) = held.as_mut() {
            writer.garbage_collect_files().wait().map_err(|error| failed(&error))?;
        }
        drop(held);
        self.show()
    }

    /// Says how many documents are removed but still in the files.
    pub(crate) fn removed(&self) -> u64 {
        let metas = self.index.searchable_segment_metas().unwrap_or_default();
        metas.iter().map(|meta| u64::from(meta.num_deleted_docs())).sum()
    }
}

fn writer(index: &Index, memory: usize) -> Result<IndexWriter, Failure> {
    index.writer_with_num_threads::<TantivyDocument>(1, memory).map_err(|error| failed(&error))
}
