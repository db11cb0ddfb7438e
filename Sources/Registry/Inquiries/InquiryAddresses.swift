internal import Web

/// Where the pages of inquiries are.
enum InquiryAddresses {
    /// The public form.
    static func form(_ language: Language) -> String { "/\(language)/inquiries/new" }

    /// The producer's private page.
    ///
    /// - Parameter origin: `https://klappa.example`, empty for an address without a host.
    static func follow(_ link: Secret, _ language: Language, origin: String = "") -> String {
        "\(origin)/\(language)/inquiries/follow/\(link.text)"
    }

    /// The form by which a producer changes what was asked for.
    static func change(_ link: Secret, _ language: Language) -> String { follow(link, language) + "/edit" }

    /// The inbox.
    static func inbox(_ language: Language) -> String { "/\(language)/inquiries" }

    /// A case.
    static func record(_ number: String, _ language: Language) -> String {
        "/\(language)/inquiries/\(number)"
    }

    /// The figures.
    static func figures(_ language: Language) -> String { "/\(language)/inquiries/figures" }

    /// What a day of shooting leaves, by kind of production.
    static func defaults(_ language: Language) -> String { "/\(language)/inquiries/defaults" }

    /// The form by which an office logs a call or a letter.
    static func log(_ language: Language) -> String { "/\(language)/inquiries/log" }
}

/// What closes a case, as a document for the database.
enum InquiryOutcome {
    /// Of a body that fits ``InquirySchemas/outcome``: the status, and for a lost case the loss; unknowns are null.
    static func document(_ body: JSON) -> JSON {
        var members = JSON.Members([("status", body["status"] ?? .null)])
        if body["status"] == "lost" {
            for name in ["lostReason", "winner", "winningPlace", "spendForgone", "knowableOn"] {
                members[name] = body[name] ?? .null
            }
        }
        return .object(members)
    }
}
