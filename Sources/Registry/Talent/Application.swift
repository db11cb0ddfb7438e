internal import Foundation
internal import Postgres
internal import Web

/// An application that is handed in without having been a draft.
struct NewApplication: Hashable, Sendable {
    var language: Language
    var name: String
    var email: String
    var phone: String?
    /// Code of the home region.
    var region: String?
    /// By question code.
    var answers: JSON
}

/// A draft: what the applicant has written so far, as it was typed.
struct ApplicationDraft: Sendable {
    let id: UUID
    let call: UUID
    var name: String?
    var phone: String?
    var region: String?
    /// By question code; texts as they were typed, right or wrong.
    var answers: [String: String]
    let version: Int64
    /// By question code.
    var files: [String: AnswerFile]
}

/// A file that answers a question, without its bytes.
struct AnswerFile: Hashable, Sendable, Decodable {
    let name: String
    let mediaType: String
    let size: Int
    let sha256: String
}

/// What was handed in, as it was: the locked snapshot.
struct Snapshot: Sendable, Decodable {
    struct Applicant: Sendable, Decodable {
        let name: String
        let email: String
        let phone: String?
        let region: String?
    }

    /// A question as it was asked, with its answer.
    struct Answered: Sendable, Decodable {
        let code: String
        let kind: Question.Kind
        let label: Localized
        let chosen: Localized?
        /// For texts, links and choices.
        let text: String?
        /// For numbers.
        let number: Double?
        /// For files.
        let file: AnswerFile?

        private enum CodingKeys: String, CodingKey { case code, kind, label, chosen, answer }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            code = try values.decode(String.self, forKey: .code)
            kind = try values.decode(Question.Kind.self, forKey: .kind)
            label = try values.decode(Localized.self, forKey: .label)
            chosen = try values.decodeIfPresent(Localized.self, forKey: .chosen)
            switch kind {
            case .number:
                (text, number, file) = (nil, try values.decodeIfPresent(Double.self, forKey: .answer), nil)
            case .file:
                (text, number, file) = (
                    nil, nil, try values.decodeIfPresent(AnswerFile.self, forKey: .answer)
                )
            default:
                (text, number, file) = (try values.decodeIfPresent(String.self, forKey: .answer), nil, nil)
            }
        }

        /// The answer in words of a language; empty when there is none.
        func words(_ words: Wording) -> String {
            if let chosen { return chosen[words.language] }
            if let file { return file.name }
            if let number {
                return Int(exactly: number).map { words.number($0) } ?? words.number(number, decimals: 2)
            }
            return text ?? ""
        }
    }

    let applicant: Applicant
    let answers: [Answered]

    init(_ json: String) throws {
        self = try JSONDecoder().decode(Snapshot.self, from: Data(json.utf8))
    }
}

/// An application as its applicant sees it.
struct OwnApplication: Sendable {
    /// What the applicant reads: where the application stands as far as they were told.
    enum Status: String, Sendable {
        case draft, submitted, accepted, waiting, declined, withdrawn
    }

    /// A letter that told a decision.
    struct Told: Sendable {
        let outcome: String
        let subject: String
        let body: String
        let at: Instant
    }

    let id: UUID
    let call: UUID
    let status: Status
    let arrival: Int?
    let submittedAt: Instant?
    let late: Bool
    let snapshot: Snapshot?
    /// Titles as they are published today; nil when they are not.
    let callTitle: Localized?
    let programmeName: Localized?
    let programmeSlug: String?
    let invented: Bool
    /// The participant, for who was accepted.
    let participant: UUID?
    /// Slug of the crew listing that the participant made.
    let listing: String?

    init(_ row: Row) throws {
        id = try row.value("id")
        call = try row.value("call")
        let state = try row.decode(String.self, "state")
        let told = try row.decode(String?.self, "told")
        status = Status(rawValue: state == "submitted" ? told ?? state : state) ?? .submitted
        arrival = try row.decode(Int32?.self, "arrival").map { Int($0) }
        submittedAt = try row.value("submitted_at")
        late = try row.decode(Bool?.self, "late") ?? false
        snapshot = try row.decode(String?.self, "snapshot").map { try Snapshot($0) }
        callTitle = try row.isNull("title_sv") ? nil : row.localized("title")
        programmeName = try row.isNull("name_sv") ? nil : row.localized("name")
        programmeSlug = try row.value("slug")
        invented = try row.value("invented")
        participant = try row.value("participant")
        listing = try row.value("listing")
    }
}
