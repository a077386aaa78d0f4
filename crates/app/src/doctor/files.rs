//! Attached files: there, and with the content that their digest says.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use huiyin_domain::ids::OrgId;
use huiyin_store::attachment as rows;
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;
use sha2::Sha256;

use super::finding::{Codes, Finding};
use crate::attachment::Files;
use crate::error::Error;
use crate::secret::hex;

/// Looks at every file that attachments need; tells each one, with what is
/// wrong with it.
///
/// # Errors
/// What the store gives.
pub fn files(tx: &mut Tx<'_>, folder: &Files, tell: &mut dyn FnMut(Option<Finding>)) -> Result<(), Error> {
    let known = organisation::all(tx)?;
    let codes = Codes::new(known.iter().map(|known| (known.org, known.code.clone())));
    let keys: BTreeMap<OrgId, Vec<u8>> = rows::keys(tx, crate::attachment::KEY)?.into_iter().collect();
    rows::each_needed(tx, |org, digest, bytes| {
        let fault = folder.place(org, digest).map_or_else(
            |_| Some(("file_digest_unreadable", "its digest is no digest".to_owned())),
            |path| fault(&path, digest, (bytes, keys.get(&org).map(Vec::as_slice))),
        );
        let place = format!("files/{org}/{digest}");
        tell(fault.map(|(code, detail)| Finding::broken(code, place, detail).of(&codes.of(org))));
        Ok(())
    })?;
    for (org, digest) in rows::erased(tx)? {
        if folder.place(org, &digest).is_ok_and(|path| path.exists()) {
            let detail = "it was erased on lawful request and waits for its removal";
            let finding = Finding::care("file_waits", format!("files/{org}/{digest}"), detail);
            tell(Some(finding.of(&codes.of(org))));
        }
    }
    Ok(())
}

fn fault(path: &Path, digest: &str, (bytes, key): (i64, Option<&[u8]>)) -> Option<(&'static str, String)> {
    let Ok(mut file) = File::open(path) else {
        return Some(("file_missing", "an attachment needs this file and it is not there".to_owned()));
    };
    let Some(Ok(mut mac)) = key.map(Hmac::<Sha256>::new_from_slice) else {
        return Some((
            "file_key_missing",
            "the key that names the organisation's files is not there".to_owned(),
        ));
    };
    let (mut block, mut read) = (vec![0; 262_144], 0_i64);
    loop {
        match file.read(&mut block) {
            Ok(0) => break,
            Ok(count) => {
                mac.update(&block[..count]);
                read += i64::try_from(count).unwrap_or(i64::MAX);
            }
            Err(error) => return Some(("file_unreadable", error.to_string())),
        }
    }
    if read == bytes && hex(&mac.finalize().into_bytes()) == digest {
        return None;
    }
    Some(("file_changed", "the file's content is not what its digest says".to_owned()))
}
