//! Files that people put there, sent without trusting them: what type is claimed, and what a browser may do with it.

use http::{HeaderMap, HeaderValue, header};

/// How many bytes of a file tell its type.
pub const SNIFFED_BYTES: usize = 1024;

/// The start of files, and the types they show. All can be shown by a browser without running anything.
const STARTS: [(&[u8], &str); 14] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\0\0\x01\0", "image/x-icon"),
    (b"%PDF-", "application/pdf"),
    (b"OggS\0", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x1f\x8b\x08", "application/octet-stream"),
    (b"PK\x03\x04", "application/octet-stream"),
    (b"%!PS-Adobe-", "application/octet-stream"),
    (b"\xfe\xff", "text/plain; charset=utf-16be"),
];

/// The type a file is sent with, told from its first bytes: text is plain text whatever is in it, and what is neither
/// text nor picture, sound or film is just bytes.
pub fn media_type(start: &[u8], name: &str) -> &'static str {
    let start = &start[..start.len().min(SNIFFED_BYTES)];
    // The brand of a container stands behind its length.
    match (start.get(..4), start.get(4..12), start.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => return "image/webp",
        (Some(b"RIFF"), _, Some(b"WAVE")) => return "audio/wave",
        (Some(b"RIFF"), _, Some(b"AVI ")) => return "video/avi",
        (_, Some(b"ftypavif" | b"ftypavis"), _) => return "image/avif",
        (_, Some(brand), _) if brand.starts_with(b"ftyp") => return "video/mp4",
        _ => {}
    }
    if let Some((_, kind)) = STARTS.iter().find(|(bytes, _)| start.starts_with(bytes)) {
        return kind;
    }
    let binary = |byte: &u8| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    if start.iter().any(binary) {
        return "application/octet-stream";
    }
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        // A character may be cut at the end.
        Err(error) if error.error_len().is_none() => "",
        Err(_) => return "text/plain; charset=iso-8859-1",
    };
    if name.to_ascii_lowercase().ends_with(".svg") && text.contains("<svg") {
        return "image/svg+xml";
    }
    "text/plain; charset=utf-8"
}

/// The headers of a file that people put there.
pub fn file_headers(start: &[u8], name: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(start, name)));
    headers.insert(header::CONTENT_DISPOSITION, content_disposition("inline", name));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Content-Disposition"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Whatever a browser takes it for, nothing in it runs with our origin.
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers
}

/// `Content-Disposition` as Go writes it: a plain name bare, others quoted, those beyond ASCII by RFC 8187.
pub fn content_disposition(kind: &str, name: &str) -> HeaderValue {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`{|}~".contains(&byte);
    let text = if !name.is_empty() && name.bytes().all(token) {
        format!("{kind}; filename={name}")
    } else if name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
        format!("{kind}; filename=\"{escaped}\"")
    } else {
        let mut encoded = String::new();
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
        format!("{kind}; filename*=utf-8''{encoded}")
    };
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// Whether a client that sent these headers has this version already.
pub fn is_unchanged(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_come_from_content() {
        for (start, name, kind) in [
            (&b"# Hello\n"[..], "README.md", "text/plain; charset=utf-8"),
            (b"<html><script>", "index.html", "text/plain; charset=utf-8"),
            (b"", "empty", "text/plain; charset=utf-8"),
            (b"caf\xc3", "cut", "text/plain; charset=utf-8"),
            (b"caf\xe9 noir", "latin", "text/plain; charset=iso-8859-1"),
            (b"\0\x01\x02bin", "blob.bin", "application/octet-stream"),
            (b"\x89PNG\r\n\x1a\n..", "x.txt", "image/png"),
            (b"RIFF....WEBPVP8 ", "x", "image/webp"),
            (b"....ftypisom", "x.mp4", "video/mp4"),
            (b"%PDF-1.7", "x", "application/pdf"),
            (b"<svg xmlns=\"\">", "x.svg", "image/svg+xml"),
            (b"<svg xmlns=\"\">", "x.txt", "text/plain; charset=utf-8"),
        ] {
            assert_eq!(media_type(start, name), kind, "{name}");
        }
    }

    #[test]
    fn names_in_headers() {
        for (name, text) in [
            ("README.md", "inline; filename=README.md"),
            ("a b.txt", "inline; filename=\"a b.txt\""),
            ("a\"b\\", "inline; filename=\"a\\\"b\\\\\""),
            ("ä\n", "inline; filename*=utf-8''%C3%A4%0A"),
            ("", "inline; filename=\"\""),
        ] {
            assert_eq!(content_disposition("inline", name), text, "{name}");
        }
    }

    #[test]
    fn known_versions() {
        let mut headers = HeaderMap::new();
        assert!(!is_unchanged(&headers, "\"a\""));
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"b\", W/\"a\""));
        assert!(is_unchanged(&headers, "\"a\"") && !is_unchanged(&headers, "\"c\""));
    }
}
