//! The answer to a push that is refused before git sees it.

use crate::commands::ReceiveRequest;
use crate::pkt_line::{self, FLUSH, MAX_PAYLOAD};

/// What became of one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandStatus {
    /// It was done.
    Done,
    /// It was refused, for this one-line reason.
    Refused(String),
}

/// Writes the report for a push, one status per command in their order, with lines for the person at the terminal.
/// A client that asked for no report gets no report, only the lines if it can take them.
#[must_use]
pub fn refusal(request: &ReceiveRequest, statuses: &[CommandStatus], messages: &[String]) -> Vec<u8> {
    let mut report = Vec::new();
    if request.has("report-status") || request.has("report-status-v2") {
        pkt_line::data_packet(&mut report, b"unpack ok\n");
        for (command, status) in request.commands.iter().zip(statuses) {
            let line = match status {
                CommandStatus::Done => format!("ok {}\n", command.reference),
                CommandStatus::Refused(reason) => format!("ng {} {}\n", command.reference, one_line(reason)),
            };
            pkt_line::data_packet(&mut report, line.as_bytes());
        }
        report.extend_from_slice(FLUSH);
    }
    let band = if request.has("side-band-64k") {
        MAX_PAYLOAD - 1
    } else if request.has("side-band") {
        995
    } else {
        return report;
    };
    let mut out = Vec::new();
    for message in messages {
        side_band(&mut out, 2, format!("{}\n", message.replace('\0', "")).as_bytes(), band);
    }
    side_band(&mut out, 1, &report, band);
    out.extend_from_slice(FLUSH);
    out
}

fn side_band(out: &mut Vec<u8>, channel: u8, data: &[u8], size: usize) {
    for chunk in data.chunks(size) {
        let mut packet = Vec::with_capacity(chunk.len() + 1);
        packet.push(channel);
        packet.extend_from_slice(chunk);
        pkt_line::data_packet(out, &packet);
    }
}

fn one_line(reason: &str) -> String {
    let text: String = reason.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.chars().take(1000).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ObjectFormat, ObjectId, RefCommand};

    fn request(capabilities: &[&str]) -> ReceiveRequest {
        let id = ObjectId::zero(ObjectFormat::Sha1);
        ReceiveRequest {
            commands: vec![RefCommand { old: id, new: id, reference: "refs/heads/main".to_owned() }],
            capabilities: capabilities.iter().map(|c| (*c).to_owned()).collect(),
            ..ReceiveRequest::default()
        }
    }

    #[test]
    fn reports_come_in_the_shape_the_client_asked_for() {
        let refused = [CommandStatus::Refused("not\nallowed".to_owned())];
        let plain = b"000eunpack ok\n0023ng refs/heads/main not allowed\n0000";
        assert_eq!(refusal(&request(&["report-status"]), &refused, &[]), plain);
        let banded = refusal(&request(&["report-status-v2", "side-band-64k"]), &refused, &["no".to_owned()]);
        let mut expected = b"0008\x02no\n".to_vec();
        expected.extend_from_slice(format!("{:04x}\x01", plain.len() + 5).as_bytes());
        expected.extend_from_slice(plain);
        expected.extend_from_slice(b"0000");
        assert_eq!(banded, expected);
        assert!(refusal(&request(&[]), &refused, &[]).is_empty());
    }
}
