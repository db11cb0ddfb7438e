internal import Foundation
internal import Postgres
internal import Web

/// What a location or a company says, as its form has it.
enum OfferDraft: Hashable, Sendable {
    case location(LocationWriting.Draft)
    case company(CompanyWriting.Draft)

    var kind: Offer.Kind {
        switch self {
        case .location: .location
        case .company: .company
        }
    }

    var name: String {
        switch self {
        case .location(let draft): draft.name
        case .company(let draft): draft.name
        }
    }

    var municipality: String {
        switch self {
        case .location(let draft): draft.municipality
        case .company(let draft): draft.municipality
        }
    }

    /// Shown and hidden at once, without the office.
    var contacts: [ListingContact] {
        get {
            switch self {
            case .location(let draft): draft.contacts
            case .company(let draft): draft.contacts
            }
        }
        set {
            switch self {
            case .location(var draft):
                draft.contacts = newValue
                self = .location(draft)
            case .company(var draft):
                draft.contacts = newValue
                self = .company(draft)
            }
        }
    }

    /// With the contacts, days' visibility and owner of what stands: those were never proposed.
    func keeping(_ present: OfferDraft) -> OfferDraft {
        var kept = self
        kept.contacts = present.contacts
        if case .location(var draft) = kept, case .location(let now) = present {
            draft.availabilityVisibility = now.availabilityVisibility
            draft.ownerName = now.ownerName
            kept = .location(draft)
        }
        return kept
    }

    /// As a proposal keeps it.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let data =
                switch self {
                case .location(let draft): try encoder.encode(draft)
                case .company(let draft): try encoder.encode(draft)
                }
            return String(decoding: data, as: UTF8.self)
        }
    }

    /// Reads what ``json`` or the database wrote.
    init(_ kind: Offer.Kind, json: String) throws {
        let data = Data(json.utf8)
        switch kind {
        case .location: self = .location(try JSONDecoder().decode(LocationWriting.Draft.self, from: data))
        case .company: self = .company(try JSONDecoder().decode(CompanyWriting.Draft.self, from: data))
        }
    }

    func create(id: UUID, for account: UUID?, _ transaction: Transaction) async throws(PostgresError) {
        switch self {
        case .location(let draft): try await LocationWriting.create(draft, id: id, for: account, transaction)
        case .company(let draft): try await CompanyWriting.create(draft, id: id, for: account, transaction)
        }
    }

    /// - Returns: the new version; nil when there is none of this version that the reader may change.
    func write(to id: UUID, version: Int64, _ transaction: Transaction) async throws(PostgresError) -> Int64?
    {
        switch self {
        case .location(let draft):
            return try await LocationWriting.change(id, to: draft, version: version, transaction)
        case .company(let draft):
            return try await CompanyWriting.change(id, to: draft, version: version, transaction)
        }
    }
}
