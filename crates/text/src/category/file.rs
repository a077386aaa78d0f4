//! The model as a file: a mark, a version, a checksum, then the content.

use super::calibrate::Calibration;
use super::model::Model;
use super::space::{Column, Space};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What every model file begins with.
const MARK: &[u8; 8] = b"huiyin-c";
/// The version of format and features that this build writes and reads.
pub const VERSION: u32 = 2;
/// Mark, version, length and checksum.
const HEAD: usize = 8 + 4 + 8 + 32;

/// Why a model file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It begins with something else.
    #[error("not a model of categories")]
    NotAModel,
    /// Another build wrote it.
    #[error("model has version {0}, this build reads version {VERSION}: train it again")]
    Version(u32),
    /// Its end is missing, or something follows it.
    #[error("model is {held} bytes long where {told} are announced: it was cut or added to")]
    Length {
        /// Bytes announced.
        told: u64,
        /// Bytes there.
        held: u64,
    },
    /// Its content is not what was written.
    #[error("model is damaged: its checksum does not match")]
    Damaged,
    /// Its parts do not fit each other.
    #[error("model is inconsistent: {0}")]
    Inconsistent(&'static str),
}

#[derive(Serialize, Deserialize)]
struct Content {
    labels: Vec<String>,
    learned_from: u32,
    hashes: Vec<u64>,
    rarities: Vec<f32>,
    weights: Vec<f32>,
    calibration: Calibration,
}

impl Model {
    /// Gives the model as the bytes of its file.
    ///
    /// # Errors
    /// [`ModelError::Inconsistent`] when it cannot be written, which no trained model causes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        let content = Content {
            labels: self.labels.clone(),
            learned_from: self.learned_from,
            hashes: self.space.columns().iter().map(|column| column.hash).collect(),
            rarities: self.space.columns().iter().map(|column| column.rarity).collect(),
            weights: self.weights.clone(),
            calibration: self.calibration.clone(),
        };
        let content =
            postcard::to_stdvec(&content).map_err(|_| ModelError::Inconsistent("it cannot be encoded"))?;
        let mut bytes = Vec::with_capacity(HEAD + content.len());
        bytes.extend_from_slice(MARK);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(content.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&Sha256::digest(&content));
        bytes.extend_from_slice(&content);
        Ok(bytes)
    }

    /// Reads a model from the bytes of its file.
    ///
    /// # Errors
    /// [`ModelError`] when the bytes are not a whole model of this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let after_mark = bytes.strip_prefix(MARK.as_slice()).ok_or(ModelError::NotAModel)?;
        let held = bytes.len() as u64;
        let short = ModelError::Length { told: HEAD as u64, held };
        let (version, rest) = after_mark.split_first_chunk::<4>().ok_or_else(|| short.clone())?;
        let version = u32::from_le_bytes(*version);
        if version != VERSION {
            return Err(ModelError::Version(version));
        }
        let (length, rest) = rest.split_first_chunk::<8>().ok_or_else(|| short.clone())?;
        let (checksum, content) = rest.split_first_chunk::<32>().ok_or(short)?;
        let told = u64::from_le_bytes(*length);
        if told != content.len() as u64 {
            return Err(ModelError::Length { told: told.saturating_add(HEAD as u64), held });
        }
        if Sha256::digest(content)[..] != checksum[..] {
            return Err(ModelError::Damaged);
        }
        let content: Content = postcard::from_bytes(content).map_err(|_| ModelError::Damaged)?;
        content.checked()
    }
}

impl Content {
    fn checked(self) -> Result<Model, ModelError> {
        let (columns, labels) = (self.hashes.len(), self.labels.len());
        let unsound = |what| Err(ModelError::Inconsistent(what));
        if labels < 2 || !self.labels.is_sorted() {
            return unsound("labels");
        }
        if self.rarities.len() != columns || u32::try_from(columns).is_err() || !self.hashes.is_sorted() {
            return unsound("columns");
        }
        if Some(self.weights.len()) != (columns + 1).checked_mul(labels) {
            return unsound("weights");
        }
        let mut numbers = self.rarities.iter().chain(&self.weights);
        if !numbers.all(|number| number.is_finite()) || !self.calibration.is_sound(labels) {
            return unsound("a number is not finite");
        }
        let columns = self.hashes.into_iter().zip(self.rarities);
        let space = Space::new(columns.map(|(hash, rarity)| Column { hash, rarity }).collect());
        let Self { labels, learned_from, weights, calibration, .. } = self;
        Ok(Model { labels, space, weights, calibration, learned_from })
    }
}
