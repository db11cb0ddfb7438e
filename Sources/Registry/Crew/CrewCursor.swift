internal import Foundation
internal import NIOCore
internal import Postgres
internal import Web

/// Where an answer ended: the sort key of its last item, and the fingerprint of the search it belongs to.
///
/// What did not change meanwhile is neither repeated nor skipped, because the next answer begins behind a key, not
/// behind a number of items.
struct CrewCursor: Hashable, Sendable, Codable {
    /// ``CrewPlan/fingerprint``.
    var search: UInt64 = 0
    /// Free days, or 0, −1 and −2 for unknown, none and hidden; nil where it is no part of the order.
    var score: Int?
    /// Metres; nil where it is no part of the order.
    var distance: Int?
    /// Renewal as a number of days.
    var renewed: Int32
    var name: String
    var id: String

    enum CodingKeys: String, CodingKey {
        case score = "s"
        case distance = "m"
        case renewed = "r"
        case name = "n"
        case id = "i"
    }

    /// As it travels: the fingerprint of the search in 16 hexadecimal digits, a hyphen, and the key as base64url
    /// without padding.
    var text: String {
        let members: [(CodingKeys, JSON?)] = [
            (.score, score.map { .integer(Int64($0)) }), (.distance, distance.map { .integer(Int64($0)) }),
            (.renewed, .integer(Int64(renewed))), (.name, .string(name)), (.id, .string(id)),
        ]
        let present = members.compactMap { key, value in value.map { (key.rawValue, $0) } }
        let data = Data(JSON.object(JSON.Members(present)).bytes.readableBytesView)
        let key = data.base64EncodedData().compactMap { (byte: UInt8) -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return Self.mark(of: search) + "-" + String(decoding: key, as: UTF8.self)
    }

    /// The form of every cursor.
    static let pattern = JSONSchema.Pattern("^[0-9a-f]{16}-[A-Za-z0-9_-]+$", limit: 2000) { text in
        text.utf8.count <= 2000 && text.wholeMatch(of: /[0-9a-f]{16}-[A-Za-z0-9_\-]+/) != nil
    }

    /// What is wrong with a cursor.
    enum Fault: Error {
        /// It belongs to another search.
        case foreign
        /// It is none.
        case malformed
    }

    /// Reads a cursor that has the form.
    ///
    /// - Parameter search: the fingerprint of the search that it must belong to.
    init(_ text: String, of search: UInt64) throws(Fault) {
        guard text.hasPrefix(Self.mark(of: search) + "-") else { throw .foreign }
        let key = String(text.dropFirst(17)).replacing("-", with: "+").replacing("_", with: "/")
        let padded = key + String(repeating: "=", count: (4 - key.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded),
            var cursor = try? JSONDecoder().decode(CrewCursor.self, from: data),
            UUID(uuidString: cursor.id) != nil,
            !cursor.name.utf8.contains(0)
        else { throw .malformed }
        cursor.search = search
        self = cursor
    }

    private static func mark(of search: UInt64) -> String {
        let digits = String(search, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Behind a row of an answer.
    init(
        search: UInt64,
        score: Int?,
        distance: Int?,
        renewed: Day,
        name: String,
        id: String
    ) {
        self.search = search
        self.score = score
        self.distance = distance
        self.renewed = renewed.number
        self.name = name
        self.id = id
    }
}
