//! The font of the machine: found, measured, cut down to what is used, embedded.

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Finish as _, Name, Pdf, Rect, Ref, Str};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use subsetter::GlyphRemapper;
use ttf_parser::{Face, Tag};

/// Where systems keep fonts with Chinese, the plainest first.
const PLACES: [&str; 9] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:\\Windows\\Fonts\\msyh.ttc",
];

/// What a face of a collection is called that writes as people in China do.
const CHINESE: &str = "SC";

/// Letters that every usable font has.
const PROBE: &str = "件投诉龘a1";

const NAME: Name<'static> = Name(b"HuiyinText");
const SYSTEM: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Why no PDF was written.
#[derive(Debug, thiserror::Error)]
pub enum PdfFailed {
    /// No font with Chinese was found.
    #[error(
        "no font with Chinese letters was found; install one, such as fonts-noto-cjk (looked at: {looked})"
    )]
    NoFont {
        /// Where it was looked for.
        looked: String,
    },
    /// The font is damaged, or of a kind that cannot be embedded.
    #[error("the font cannot be used: {reason}")]
    BadFont {
        /// What is wrong with it.
        reason: String,
    },
}

/// A font file read whole.
pub struct Font {
    bytes: Vec<u8>,
    index: u32,
}

impl Font {
    /// Finds the font: the file named, else one of the system's.
    ///
    /// # Errors
    /// [`PdfFailed::NoFont`] when there is none that has Chinese.
    pub fn found(named: Option<&Path>) -> Result<Self, PdfFailed> {
        let places: Vec<PathBuf> = match named {
            Some(path) => vec![path.to_owned()],
            None => PLACES.iter().map(PathBuf::from).collect(),
        };
        let read = places.iter().filter_map(|place| std::fs::read(place).ok());
        let usable = read.filter_map(Self::of).next();
        usable.ok_or_else(|| PdfFailed::NoFont {
            looked: places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(", "),
        })
    }

    /// Takes the face for China out of a file, else the first with all that is needed.
    fn of(bytes: Vec<u8>) -> Option<Self> {
        let count = ttf_parser::fonts_in_collection(&bytes).unwrap_or(1);
        let fits = |index: &u32| {
            let Ok(face) = Face::parse(&bytes, *index) else { return false };
            let outlines =
                [b"glyf", b"CFF "].iter().any(|tag| face.raw_face().table(Tag::from_bytes(tag)).is_some());
            outlines && PROBE.chars().all(|letter| face.glyph_index(letter).is_some())
        };
        let chinese = |index: &u32| {
            let face = Face::parse(&bytes, *index).ok();
            let names = face
                .map(|face| face.names().into_iter().filter_map(|name| name.to_string()).collect::<Vec<_>>());
            names.unwrap_or_default().iter().any(|name| name.split([' ', '-']).any(|word| word == CHINESE))
        };
        let fitting: Vec<u32> = (0..count).filter(fits).collect();
        let index = fitting.iter().copied().find(chinese).or_else(|| fitting.first().copied())?;
        Some(Self { bytes, index })
    }

    /// Reads its tables.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn face(&self) -> Result<Face<'_>, PdfFailed> {
        Face::parse(&self.bytes, self.index).map_err(|error| PdfFailed::BadFont { reason: error.to_string() })
    }
}

/// What of a font is used, and how wide it is.
pub struct Used<'a> {
    font: &'a Font,
    face: Face<'a>,
    glyphs: GlyphRemapper,
    /// The letter and the width of each glyph used, by its new number.
    letters: BTreeMap<u16, (char, f32)>,
}

impl<'a> Used<'a> {
    /// Begins with nothing used.
    ///
    /// # Errors
    /// When the font is damaged.
    pub fn of(font: &'a Font) -> Result<Self, PdfFailed> {
        Ok(Self { font, face: font.face()?, glyphs: GlyphRemapper::new(), letters: BTreeMap::new() })
    }

    /// Gives the width of a letter in thousandths of the size.
    pub fn width(&self, letter: char) -> f32 {
        let units = f32::from(self.face.units_per_em());
        let glyph = self.face.glyph_index(letter).unwrap_or_default();
        f32::from(self.face.glyph_hor_advance(glyph).unwrap_or_default()) * 1000.0 / units
    }

    /// Writes a text as the numbers of its glyphs.
    pub fn encoded(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len());
        for letter in text.chars() {
            let glyph = self.face.glyph_index(letter).unwrap_or_default().0;
            let width = self.width(letter);
            let number = self.glyphs.remap(glyph);
            self.letters.entry(number).or_insert((letter, width));
            bytes.extend(number.to_be_bytes());
        }
        bytes
    }

    /// Reads glyphs back as the reader of a PDF does.
    #[cfg(test)]
    pub fn decoded(&self, bytes: &[u8]) -> String {
        let pairs = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        pairs.map(|number| self.letters[&number].0).collect()
    }

    /// Embeds what was used under an identity.
    ///
    /// # Errors
    /// When the font cannot be cut down.
    pub fn embed(self, pdf: &mut Pdf, at: Ref, next: &mut impl FnMut() -> Ref) -> Result<(), PdfFailed> {
        let (cid, descriptor, cmap, file) = (next(), next(), next(), next());
        let cut = subsetter::subset(&self.font.bytes, self.font.index, &self.glyphs)
            .map_err(|error| PdfFailed::BadFont { reason: error.to_string() })?;
        let outlines = self.face.raw_face().table(Tag::from_bytes(b"CFF ")).is_some();
        pdf.type0_font(at)
            .base_font(NAME)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);
        let mut font = pdf.cid_font(cid);
        font.subtype(if outlines { CidFontType::Type0 } else { CidFontType::Type2 });
        font.base_font(NAME).system_info(SYSTEM).font_descriptor(descriptor).default_width(0.0);
        if !outlines {
            font.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let mut widths = font.widths();
        for (number, (_, width)) in &self.letters {
            widths.consecutive(*number, [*width]);
        }
        widths.finish();
        font.finish();
        let scale = 1000.0 / f32::from(self.face.units_per_em());
        let box_ = self.face.global_bounding_box();
        let scaled = |value: i16| f32::from(value) * scale;
        let mut about = pdf.font_descriptor(descriptor);
        about.name(NAME).flags(FontFlags::SYMBOLIC).italic_angle(0.0).stem_v(80.0);
        about.bbox(Rect::new(scaled(box_.x_min), scaled(box_.y_min), scaled(box_.x_max), scaled(box_.y_max)));
        about.ascent(scaled(self.face.ascender())).descent(scaled(self.face.descender())).cap_height(700.0);
        if outlines {
            about.font_file3(file);
        } else {
            about.font_file2(file);
        }
        about.finish();
        let mut map = UnicodeCmap::new(Name(b"HuiyinUnicode"), SYSTEM);
        self.letters.iter().for_each(|(number, (letter, _))| map.pair(*number, *letter));
        pdf.cmap(cmap, &map.finish());
        if outlines {
            let face = ttf_parser::RawFace::parse(&cut, 0).ok();
            let bare = face.and_then(|face| face.table(Tag::from_bytes(b"CFF ")));
            let bare =
                bare.ok_or_else(|| PdfFailed::BadFont { reason: "no outlines are left".to_owned() })?;
            pdf.stream(file, bare).pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        } else {
            pdf.stream(file, &cut);
        }
        Ok(())
    }
}
