//! Repositories on disk.
//!
//! libgit2 reads objects and makes the commits the API asks for; the `git` program serves packs, archives and patch
//! texts. Everything about one repository starts at [`Repo`], everything that starts a process at [`GitProgram`].
//!
//! What is blocking and what is not: [`Repo`], [`Root`] and [`init`] work on the calling thread, so async callers wrap
//! them in `spawn_blocking`; whatever hangs on [`GitProgram`] is async and streams.
//!
//! No HTTP, no database and no permission lives here: callers have decided already that the request may be served.

mod archive;
mod cache;
mod commands;
mod commit;
mod contents;
mod edit;
mod error;
mod history;
mod id;
mod init;
mod inspection;
mod last_commit;
mod maintenance;
mod patch;
mod path;
mod pkt_line;
mod process;
mod reference;
mod report;
mod report_reader;
mod repository;
mod resolve;
mod root;
mod service;
mod signature;
mod tag;
mod template;
mod tree;
mod tree_editor;

pub use archive::{ArchiveFormat, ArchiveRequest};
pub use commands::{
    CommandKind, CommandParser, ParseState, ReceiveRequest, RefCommand, RequestError, read_receive_request,
};
pub use commit::{Commit, CommitDetails, CommitFile, CommitStats, FileStatus, Note, SignedPayload};
pub use contents::{Contents, ContentsEntry, EntryKind, LastCommit, LfsPointer};
pub use edit::{ApplyPatch, CommitFiles, CommitOutcome, FileChange, FileOperation, InitialCommit};
pub use error::{Error, ErrorKind, Result};
pub use history::{Comparison, Divergence, LogQuery};
pub use id::{ObjectFormat, ObjectId};
pub use init::{HookProgram, InitOptions, init, set_daemon_export, write_hooks};
pub use inspection::{Inspection, InspectionHook};
pub use patch::CompareMode;
pub use path::TreePath;
pub use pkt_line::{Packet, PacketError};
pub use process::{Exit, GitProgram, GitVersion, OnFailure, ProcessStream};
pub use reference::{
    Branch, Expected, Listing, ObjectKind, RefUpdate, Reference, Slice, is_branch_name, is_valid_branch,
};
pub use report::{CommandStatus, refusal};
pub use report_reader::ReportReader;
pub use repository::{Blob, Repo};
pub use resolve::{Resolved, ResolvedKind};
pub use root::{RepositoryPath, Root};
pub use service::{Service, ServiceOptions, is_protocol_header};
pub use signature::{Moment, Signature};
pub use tag::{AnnotatedTag, Tag};
pub use template::TemplateFile;
pub use tree::{TreeItem, TreeListing};

/// Building blocks of git's wire protocol.
pub mod wire {
    pub use crate::pkt_line::{FLUSH, MAX_PAYLOAD, data_packet, parse, service_header};
}
