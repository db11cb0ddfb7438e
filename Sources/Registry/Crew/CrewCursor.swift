internal import Foundation
internal import Postgres

/// Where an answer ended: the sort key of its last item, and the fingerprint of the search it belongs to.
///
/// What did not change meanwhile is neither repeated nor skipped, because the next answer begins behind a key, not
/// behind a number of items.
struct CrewCursor: Hashable, Sendable, Codable {
    /// ``CrewPlan/fingerprint``.
    var search: UInt64
    /// Free days, or 0, −1 and −2 for unknown, none and hidden; nil where it is no part of the order.
    var score: Int?
    /// Metres; nil where it is no part of the order.
    var distance: Int?
    /// Renewal as a number of days.
    var renewed: Int32
    var name: String
    var id: String

    enum CodingKeys: String, CodingKey {
        case search = "q"
        case score = "s"
        case distance = "m"
        case renewed = "r"
        case name = "n"
        case id = "i"
    }

    /// As it travels: base64url without padding.
    var text: String {
        // Encoding numbers and strings cannot fail.
        let data = (try? JSONEncoder().encode(self)) ?? Data()
        return data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=",
            with: ""
        )
    }

    /// Reads a cursor; nil for a text that is none, or that belongs to another search.
    init?(_ text: String, of plan: CrewPlan) {
        guard text.utf8.count <= 2000 else { return nil }
        let padded =
            text.replacing("-", with: "+").replacing("_", with: "/")
            + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded),
            let cursor = try? JSONDecoder().decode(CrewCursor.self, from: data),
            cursor.search == plan.fingerprint, UUID(uuidString: cursor.id) != nil,
            !cursor.name.utf8.contains(0)
        else { return nil }
        self = cursor
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
