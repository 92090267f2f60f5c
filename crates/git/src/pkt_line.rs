//! Git's packet lines: four hexadecimal digits of length, then that many bytes less four.

/// The flush packet.
pub const FLUSH: &[u8] = b"0000";

/// The most bytes one packet may carry.
pub const MAX_PAYLOAD: usize = 65_516;

/// One packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packet<'a> {
    /// `0000`: the end of a section.
    Flush,
    /// `0001`: a delimiter inside a section.
    Delimiter,
    /// `0002`: the end of a response.
    ResponseEnd,
    /// Bytes.
    Data(&'a [u8]),
}

impl<'a> Packet<'a> {
    /// The bytes without the line end that most packets carry.
    #[must_use]
    pub fn text(data: &'a [u8]) -> &'a [u8] {
        data.strip_suffix(b"\n").unwrap_or(data)
    }
}

/// A stream that is not made of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// The length is not four hexadecimal digits.
    #[error("a packet's length is not four hexadecimal digits")]
    BadLength,
    /// The length is 3, or beyond the maximum.
    #[error("a packet's length is impossible")]
    ImpossibleLength,
}

/// Takes one packet off the front. `Ok(None)`: more bytes are needed.
pub fn parse(input: &[u8]) -> Result<Option<(Packet<'_>, &[u8])>, PacketError> {
    let Some(digits) = input.get(..4) else {
        // A wrong first digit is wrong already, however few bytes are here.
        let plausible = input.iter().all(u8::is_ascii_hexdigit);
        return if plausible { Ok(None) } else { Err(PacketError::BadLength) };
    };
    let mut length = 0_usize;
    for digit in digits {
        let value = char::from(*digit).to_digit(16).ok_or(PacketError::BadLength)?;
        length = length * 16 + value as usize;
    }
    match length {
        0 => Ok(Some((Packet::Flush, &input[4..]))),
        1 => Ok(Some((Packet::Delimiter, &input[4..]))),
        2 => Ok(Some((Packet::ResponseEnd, &input[4..]))),
        3 => Err(PacketError::ImpossibleLength),
        length if length > MAX_PAYLOAD + 4 => Err(PacketError::ImpossibleLength),
        length => match input.get(4..length) {
            None => Ok(None),
            Some(data) => Ok(Some((Packet::Data(data), &input[length..]))),
        },
    }
}

/// Appends a packet of bytes, several if one cannot hold them.
pub fn data_packet(out: &mut Vec<u8>, data: &[u8]) {
    for chunk in data.chunks(MAX_PAYLOAD) {
        out.extend_from_slice(format!("{:04x}", chunk.len() + 4).as_bytes());
        out.extend_from_slice(chunk);
    }
}

/// What an HTTP advertisement starts with: the service's name and a flush.
#[must_use]
pub fn service_header(service: &str) -> Vec<u8> {
    let mut out = Vec::new();
    data_packet(&mut out, format!("# service={service}\n").as_bytes());
    out.extend_from_slice(FLUSH);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_header_is_what_git_expects() {
        assert_eq!(service_header("git-upload-pack"), b"001e# service=git-upload-pack\n0000");
    }

    #[test]
    fn packets_are_taken_one_by_one() {
        assert_eq!(parse(b""), Ok(None));
        assert_eq!(parse(b"00"), Ok(None));
        assert_eq!(parse(b"x"), Err(PacketError::BadLength));
        assert_eq!(parse(b"0003"), Err(PacketError::ImpossibleLength));
        assert_eq!(parse(b"ffff"), Err(PacketError::ImpossibleLength));
        assert_eq!(parse(b"0000rest"), Ok(Some((Packet::Flush, &b"rest"[..]))));
        assert_eq!(parse(b"0001"), Ok(Some((Packet::Delimiter, &b""[..]))));
        assert_eq!(parse(b"0002"), Ok(Some((Packet::ResponseEnd, &b""[..]))));
        assert_eq!(parse(b"0004"), Ok(Some((Packet::Data(b""), &b""[..]))));
        assert_eq!(parse(b"0006a"), Ok(None));
        assert_eq!(parse(b"0006a\n0000"), Ok(Some((Packet::Data(b"a\n"), &b"0000"[..]))));
        assert_eq!(Packet::text(b"a\n"), b"a");
    }

    proptest! {
        #[test]
        fn any_bytes_go_round(seed in proptest::collection::vec(any::<u8>(), 1..64), times in 1_usize..3000) {
            let data = seed.repeat(times);
            let mut wire = Vec::new();
            data_packet(&mut wire, &data);
            let (mut rest, mut back) = (wire.as_slice(), Vec::new());
            while let Some((Packet::Data(part), next)) = parse(rest).unwrap() {
                back.extend_from_slice(part);
                rest = next;
            }
            prop_assert!(rest.is_empty());
            prop_assert_eq!(back, data);
        }

        #[test]
        fn garbage_never_panics(data in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = parse(&data);
        }
    }
}
