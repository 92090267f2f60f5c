//! What a push wants: the commands at the head of a `git-receive-pack` request, read before any of it reaches git.
//!
//! The parser is pure and incremental. It keeps every byte it was given, so that an accepted push can be replayed to
//! git exactly as it came.

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::ObjectId;
use crate::pkt_line::{self, Packet, PacketError};

/// One reference a push wants to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefCommand {
    /// What the client believes it holds; zero when it shall be new.
    pub old: ObjectId,
    /// What it shall hold; zero when it shall go.
    pub new: ObjectId,
    /// Full name.
    pub reference: String,
}

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandKind {
    /// A new reference.
    Create,
    /// A moved reference.
    Update,
    /// A reference to delete.
    Delete,
}

impl RefCommand {
    /// What it does.
    #[must_use]
    pub fn kind(&self) -> CommandKind {
        match (self.old.is_zero(), self.new.is_zero()) {
            (_, true) => CommandKind::Delete,
            (true, false) => CommandKind::Create,
            (false, false) => CommandKind::Update,
        }
    }

    /// The branch's short name, if it is one.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        self.reference.strip_prefix("refs/heads/")
    }

    /// The tag's short name, if it is one.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.reference.strip_prefix("refs/tags/")
    }
}

/// The head of a push.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReceiveRequest {
    /// What shall change; empty for the probe clients send before authentication.
    pub commands: Vec<RefCommand>,
    /// What the client asked the server to do, `name` or `name=value`.
    pub capabilities: Vec<String>,
    /// `-o` options, as they came.
    pub push_options: Vec<String>,
    /// Every byte read so far: the head, and what of the pack was read along with it.
    pub replay: Vec<u8>,
}

impl ReceiveRequest {
    /// Whether the client has a capability.
    #[must_use]
    pub fn has(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|have| {
            have.strip_prefix(capability).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        })
    }
}

/// A push that cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// It is not made of packets.
    #[error(transparent)]
    Packet(#[from] PacketError),
    /// A packet says something no push says.
    #[error("a push cannot start with such a packet")]
    Malformed,
    /// It ends in the middle of its commands.
    #[error("the push ends in the middle of its commands")]
    Truncated,
    /// It has more commands than one may send.
    #[error("the push's commands are too long")]
    TooLong,
    /// It is signed, which we never offered.
    #[error("signed pushes are not offered")]
    Signed,
    /// Its bytes could not be read.
    #[error("the push could not be read")]
    Io(#[from] std::io::Error),
}

/// How far a [`CommandParser`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseState {
    /// More bytes are needed.
    More,
    /// The head is complete.
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Commands,
    Options,
    Done,
}

/// Reads the head of a push from bytes as they come.
#[derive(Debug)]
pub struct CommandParser {
    request: ReceiveRequest,
    parsed: usize,
    section: Section,
    limit: usize,
}

impl CommandParser {
    /// A parser that refuses heads longer than `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { request: ReceiveRequest::default(), parsed: 0, section: Section::Commands, limit }
    }

    /// Takes more bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Result<ParseState, RequestError> {
        self.request.replay.extend_from_slice(bytes);
        while self.section != Section::Done {
            let replay = std::mem::take(&mut self.request.replay);
            let step = self.step(&replay[self.parsed..]);
            self.request.replay = replay;
            match step? {
                Some(taken) => self.parsed += taken,
                None if self.request.replay.len() > self.limit => return Err(RequestError::TooLong),
                None => return Ok(ParseState::More),
            }
            if self.parsed > self.limit {
                return Err(RequestError::TooLong);
            }
        }
        Ok(ParseState::Done)
    }

    /// Understands one packet and says how long it was.
    fn step(&mut self, input: &[u8]) -> Result<Option<usize>, RequestError> {
        let Some((packet, rest)) = pkt_line::parse(input)? else { return Ok(None) };
        let taken = input.len() - rest.len();
        match (self.section, packet) {
            (Section::Commands, Packet::Flush) => {
                let options = !self.request.commands.is_empty() && self.request.has("push-options");
                self.section = if options { Section::Options } else { Section::Done };
            }
            (Section::Options, Packet::Flush) => self.section = Section::Done,
            (Section::Commands, Packet::Data(data)) => self.command(data)?,
            (Section::Options, Packet::Data(data)) => {
                let option = std::str::from_utf8(Packet::text(data)).map_err(|_| RequestError::Malformed)?;
                self.request.push_options.push(option.to_owned());
            }
            _ => return Err(RequestError::Malformed),
        }
        Ok(Some(taken))
    }

    fn command(&mut self, data: &[u8]) -> Result<(), RequestError> {
        let (line, capabilities) = match data.iter().position(|byte| *byte == 0) {
            Some(at) => (&data[..at], Some(&data[at + 1..])),
            None => (Packet::text(data), None),
        };
        if line.starts_with(b"shallow ") {
            return Ok(());
        }
        if line == b"push-cert" {
            return Err(RequestError::Signed);
        }
        if let Some(capabilities) = capabilities.filter(|_| self.request.commands.is_empty()) {
            let text = String::from_utf8_lossy(Packet::text(capabilities));
            self.request.capabilities =
                text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        }
        let mut words = line.splitn(3, |byte| *byte == b' ');
        let mut word = || words.next().ok_or(RequestError::Malformed);
        let old = ObjectId::from_hex(word()?).ok_or(RequestError::Malformed)?;
        let new = ObjectId::from_hex(word()?).ok_or(RequestError::Malformed)?;
        let reference = std::str::from_utf8(word()?).map_err(|_| RequestError::Malformed)?;
        let usable = reference.starts_with("refs/") && !reference.contains(['\n', '\r', ' ', '\0']);
        if old.format() != new.format() || !usable {
            return Err(RequestError::Malformed);
        }
        self.request.commands.push(RefCommand { old, new, reference: reference.to_owned() });
        Ok(())
    }

    /// What was read.
    #[must_use]
    pub fn finish(self) -> ReceiveRequest {
        self.request
    }
}

/// Reads the head of a push from a body. What follows stays in `body`; what was read too much is in `replay`.
/// An empty body is a push without commands.
pub async fn read_receive_request(
    body: &mut (impl AsyncRead + Unpin),
    limit: usize,
) -> Result<ReceiveRequest, RequestError> {
    let mut parser = CommandParser::new(limit);
    let mut buffer = vec![0; 8 * 1024];
    loop {
        let read = body.read(&mut buffer).await?;
        if read == 0 {
            let untouched = parser.request.replay.is_empty();
            return if untouched { Ok(parser.finish()) } else { Err(RequestError::Truncated) };
        }
        if parser.push(&buffer[..read])? == ParseState::Done {
            return Ok(parser.finish());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: &str = "2025b972114cf76e6ffd3aed16d2d4ffff969548";
    const ZERO: &str = "0000000000000000000000000000000000000000";

    fn packet(out: &mut Vec<u8>, text: &str) {
        pkt_line::data_packet(out, text.as_bytes());
    }

    fn head(options: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let extra = if options { " push-options" } else { "" };
        packet(
            &mut out,
            &format!("{ZERO} {A} refs/heads/main\0 report-status side-band-64k agent=git/2{extra}"),
        );
        packet(&mut out, &format!("{A} {ZERO} refs/tags/v1"));
        out.extend_from_slice(pkt_line::FLUSH);
        if options {
            packet(&mut out, "repo.private=true");
            packet(&mut out, "topic\n");
            out.extend_from_slice(pkt_line::FLUSH);
        }
        out
    }

    fn parse(bytes: &[u8]) -> Result<ReceiveRequest, RequestError> {
        let mut parser = CommandParser::new(4096);
        match parser.push(bytes)? {
            ParseState::Done => Ok(parser.finish()),
            ParseState::More => Err(RequestError::Truncated),
        }
    }

    #[test]
    fn commands_options_and_pack_are_told_apart() {
        let mut bytes = head(true);
        bytes.extend_from_slice(b"PACK....");
        let request = parse(&bytes).unwrap();
        assert_eq!(request.commands.len(), 2);
        assert_eq!(request.commands[0].kind(), CommandKind::Create);
        assert_eq!(request.commands[0].branch(), Some("main"));
        assert_eq!(request.commands[1].kind(), CommandKind::Delete);
        assert_eq!(request.commands[1].tag(), Some("v1"));
        assert!(request.has("side-band-64k") && request.has("agent") && !request.has("side-band"));
        assert_eq!(request.push_options, ["repo.private=true", "topic"]);
        assert_eq!(request.replay, bytes);
        assert!(parse(&head(false)).unwrap().push_options.is_empty());
        assert!(parse(b"0000").unwrap().commands.is_empty());
    }

    #[test]
    fn what_is_no_push_is_refused() {
        let one = |text: &str| {
            let mut out = Vec::new();
            packet(&mut out, text);
            out.extend_from_slice(pkt_line::FLUSH);
            parse(&out)
        };
        for bad in [
            "hello".to_owned(),
            format!("{A} {A}"),
            format!("{A} {A} HEAD"),
            format!("{A} {A} refs/heads/a b"),
            format!("{A} {A} refs/heads/a\nb"),
            format!("{A} {} refs/heads/a", "a".repeat(64)),
            format!("{A} {A}x refs/heads/a"),
        ] {
            assert!(matches!(one(&bad), Err(RequestError::Malformed)), "{bad:?}");
        }
        assert!(matches!(one("push-cert\0report-status"), Err(RequestError::Signed)));
        assert!(matches!(parse(b"0001"), Err(RequestError::Malformed)));
        assert!(matches!(parse(b"PACK"), Err(RequestError::Packet(_))));
        let mut long = Vec::new();
        (0..100).for_each(|n| packet(&mut long, &format!("{A} {A} refs/heads/{n}")));
        assert!(matches!(parse(&long), Err(RequestError::TooLong)));
    }

    proptest! {
        #[test]
        fn any_split_reads_the_same(cut in proptest::collection::vec(1_usize..64, 1..20), options: bool) {
            let bytes = head(options);
            let mut parser = CommandParser::new(4096);
            let (mut rest, mut sizes, mut state) = (bytes.as_slice(), cut.iter().cycle(), ParseState::More);
            while !rest.is_empty() {
                let (now, later) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
                state = parser.push(now).unwrap();
                rest = later;
            }
            prop_assert_eq!(state, ParseState::Done);
            prop_assert_eq!(parser.finish(), parse(&bytes).unwrap());
        }

        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn garbage_in_packets_never_panics(lines in proptest::collection::vec(".{0,90}", 0..6)) {
            let mut out = Vec::new();
            lines.iter().for_each(|line| packet(&mut out, line));
            out.extend_from_slice(pkt_line::FLUSH);
            let _ = parse(&out);
        }
    }
}
