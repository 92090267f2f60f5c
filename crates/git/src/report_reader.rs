//! Reads along with git's answer to a push: which commands it accepted.

use crate::commands::ReceiveRequest;
use crate::pkt_line::{self, FLUSH, Packet};

/// What of an answer may wait to be understood; a longer report is given up, and the references are looked at instead.
const LIMIT: usize = 16 * 1024 * 1024;

/// Reads an answer as it streams by, and keeps back its end: the client takes a push for done when the final flush
/// comes, and until then messages can still be put in.
#[derive(Debug)]
pub struct ReportReader {
    reports: bool,
    side_band: bool,
    /// Bytes of the answer that are no whole packet yet.
    outer: Vec<u8>,
    /// Bytes of the report that are no whole packet yet.
    inner: Vec<u8>,
    /// What is passed on only when the push is recorded.
    held: Vec<u8>,
    accepted: Vec<String>,
    refused: usize,
    complete: bool,
    lost: bool,
}

impl ReportReader {
    /// For the answer to this push.
    #[must_use]
    pub fn new(request: &ReceiveRequest) -> Self {
        Self {
            reports: request.has("report-status") || request.has("report-status-v2"),
            side_band: request.has("side-band") || request.has("side-band-64k"),
            outer: Vec::new(),
            inner: Vec::new(),
            held: Vec::new(),
            accepted: Vec::new(),
            refused: 0,
            complete: false,
            lost: false,
        }
    }

    /// Takes bytes of the answer and gives those that may go to the client at once.
    pub fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.read(bytes);
        self.held.extend_from_slice(bytes);
        let surplus = self.held.len().saturating_sub(FLUSH.len());
        self.held.drain(..surplus).collect()
    }

    /// The end of the answer, which [`Self::pass`] kept back, after lines for the person at the terminal.
    #[must_use]
    pub fn finish(&self, messages: &[String]) -> Vec<u8> {
        let mut end = Vec::new();
        if self.side_band && self.held == FLUSH {
            for message in messages {
                for line in message.as_bytes().chunks(900) {
                    let mut packet = vec![2];
                    packet.extend_from_slice(line);
                    if line.len() < 900 {
                        packet.push(b'\n');
                    }
                    pkt_line::data_packet(&mut end, &packet);
                }
            }
        }
        end.extend_from_slice(&self.held);
        end
    }

    /// The references whose commands git accepted; `None` where the answer does not say so.
    #[must_use]
    pub fn accepted(&self) -> Option<&[String]> {
        (self.complete && !self.lost).then_some(&self.accepted)
    }

    /// How many commands git refused.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.refused
    }

    fn read(&mut self, bytes: &[u8]) {
        if !self.reports || self.lost || self.complete {
            return;
        }
        if !self.side_band {
            self.read_report(bytes);
            return;
        }
        self.outer.extend_from_slice(bytes);
        let outer = std::mem::take(&mut self.outer);
        let mut rest = outer.as_slice();
        loop {
            match pkt_line::parse(rest) {
                Ok(Some((packet, next))) => {
                    if let Packet::Data([1, data @ ..]) = packet {
                        self.read_report(data);
                    }
                    rest = next;
                }
                Ok(None) => break,
                Err(_) => {
                    self.lost = true;
                    return;
                }
            }
        }
        self.outer = rest.to_vec();
    }

    fn read_report(&mut self, bytes: &[u8]) {
        self.inner.extend_from_slice(bytes);
        let inner = std::mem::take(&mut self.inner);
        let mut rest = inner.as_slice();
        loop {
            match pkt_line::parse(rest) {
                Ok(Some((Packet::Flush, _))) => {
                    self.complete = true;
                    return;
                }
                Ok(Some((Packet::Data(line), next))) => {
                    self.line(Packet::text(line));
                    rest = next;
                }
                Ok(None) if rest.len() <= LIMIT => break,
                _ => {
                    self.lost = true;
                    return;
                }
            }
        }
        self.inner = rest.to_vec();
    }

    /// `unpack ok`, `ok REF`, `ng REF REASON`, `option …`.
    fn line(&mut self, line: &[u8]) {
        if let Some(reference) = line.strip_prefix(b"ok ") {
            self.accepted.push(String::from_utf8_lossy(reference).into_owned());
        } else if line.starts_with(b"ng ") {
            self.refused += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn request(capabilities: &[&str]) -> ReceiveRequest {
        ReceiveRequest {
            capabilities: capabilities.iter().map(|c| (*c).to_owned()).collect(),
            ..ReceiveRequest::default()
        }
    }

    fn report() -> Vec<u8> {
        let mut report = Vec::new();
        for line in
            ["unpack ok\n", "ok refs/heads/a\n", "ng refs/heads/b hook declined\n", "ok refs/tags/ä\n"]
        {
            pkt_line::data_packet(&mut report, line.as_bytes());
        }
        report.extend_from_slice(FLUSH);
        report
    }

    fn banded() -> Vec<u8> {
        let mut out = Vec::new();
        let report = report();
        let (one, two) = report.split_at(20);
        for (band, data) in [(2, &b"remote: hello\n"[..]), (1, one), (2, b"more"), (1, two)] {
            let mut packet = vec![band];
            packet.extend_from_slice(data);
            pkt_line::data_packet(&mut out, &packet);
        }
        out.extend_from_slice(FLUSH);
        out
    }

    #[test]
    fn messages_come_before_the_end() {
        let mut reader = ReportReader::new(&request(&["report-status", "side-band-64k"]));
        let answer = banded();
        let passed = reader.pass(&answer);
        assert_eq!(passed, answer[..answer.len() - 4]);
        assert_eq!(reader.finish(&["hi".to_owned()]), b"0008\x02hi\n0000");
        assert_eq!(reader.finish(&[]), FLUSH);
        assert_eq!(reader.accepted().unwrap(), ["refs/heads/a", "refs/tags/ä"]);
        assert_eq!(reader.refused(), 1);
    }

    #[test]
    fn without_a_report_nothing_is_known() {
        let mut reader = ReportReader::new(&request(&["side-band-64k"]));
        reader.pass(b"0000");
        assert_eq!(reader.accepted(), None);
        let mut cut = ReportReader::new(&request(&["report-status"]));
        cut.pass(&report()[..30]);
        assert_eq!(cut.accepted(), None);
    }

    proptest! {
        #[test]
        fn any_split_reads_the_same(cut in proptest::collection::vec(1_usize..40, 1..20), side_band: bool) {
            let capabilities: &[&str] = if side_band { &["report-status-v2", "side-band"] } else { &["report-status"] };
            let answer = if side_band { banded() } else { report() };
            let mut reader = ReportReader::new(&request(capabilities));
            let (mut rest, mut sizes, mut passed) = (answer.as_slice(), cut.iter().cycle(), Vec::new());
            while !rest.is_empty() {
                let (now, later) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
                passed.extend(reader.pass(now));
                rest = later;
            }
            passed.extend(reader.finish(&[]));
            prop_assert_eq!(passed, answer);
            prop_assert_eq!(reader.accepted().unwrap().len(), 2);
        }

        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), side_band: bool) {
            let capabilities: &[&str] = if side_band { &["report-status", "side-band"] } else { &["report-status"] };
            let mut reader = ReportReader::new(&request(capabilities));
            let mut passed = reader.pass(&bytes);
            passed.extend(reader.finish(&["x".to_owned()]));
            prop_assert!(passed.len() >= bytes.len());
        }
    }
}
