internal import NIOCore
internal import Postgres
internal import Web

/// How producers reach a region [RC-02]: the named liaison, mail, telephone, a page, a sentence.
///
/// Shown beside every person whose own contact fields are not public, so a change shows at once in crew as well.
enum RegionContact {
    static let schema = JSONSchema.object(
        named: "RegionContactChange",
        [
            .optional(
                "liaison",
                JSONSchema.string(length: 1...200, pattern: .line, example: "Maja Lind").nullable
            ),
            .optional(
                "email",
                JSONSchema.string(
                    length: 3...254,
                    pattern: .line,
                    format: "email",
                    example: "film@example.se"
                ).nullable
            ),
            .optional(
                "phone",
                JSONSchema.string(length: 3...50, pattern: .line, example: "+46 40 628 04 00").nullable
            ),
            .optional(
                "url",
                JSONSchema.string(
                    length: 8...500,
                    pattern: .webAddress,
                    format: "uri",
                    example: "https://filmiskane.se/"
                ).nullable
            ),
            .optional(
                "text",
                JSONSchema.object([
                    .required(
                        "sv",
                        .string(length: 1...500, pattern: .line, example: "Region Skåne, Kristianstad")
                    ),
                    .required(
                        "en",
                        .string(length: 1...500, pattern: .line, example: "Region Skåne, Kristianstad")
                    ),
                ]).nullable,
                "Address or a sentence."
            ),
        ]
    )

    static let answer = JSONSchema.object(
        named: "RegionContactAnswer",
        [
            .required("region", .string(length: 1...80, pattern: .slug, example: "skane")),
            .required("liaison", JSONSchema.string().nullable),
            .required("email", JSONSchema.string().nullable),
            .required("phone", JSONSchema.string().nullable), .required("url", JSONSchema.string().nullable),
            .required("text", JSONSchema.localized.nullable),
            .required("version", .integer(1...Int.max, example: 4), "Of the region."),
        ]
    )

    static let example: JSON = ["liaison": "Maja Lind", "email": "film@example.se", "phone": nil]
    static let exampleAnswer: JSON = [
        "region": "skane", "liaison": "Maja Lind", "email": "film@example.se", "phone": nil, "url": nil,
        "text": nil,
        "version": 4,
    ]

    /// As it is now; nil when there is no such region.
    static func find(_ region: String, _ transaction: Transaction) async throws -> Writes.Current? {
        let rows = try await transaction.query(
            """
            SELECT r.version, json_build_object('region', r.code, 'liaison', r.liaison, 'email', r.contact_email,
                'phone', r.contact_phone, 'url', r.contact_url,
                'text', CASE WHEN r.contact_sv IS NOT NULL OR r.contact_en IS NOT NULL THEN json_build_object(
                    'sv', coalesce(r.contact_sv, r.contact_en), 'en', coalesce(r.contact_en, r.contact_sv)) END,
                'version', r.version)::text AS body
            FROM klappa.region r
            WHERE r.code = \(region)
            """
        )
        guard let row = rows.first else { return nil }
        return (try row.decode(Int64.self, "version"), JSON(ByteBuffer(bytes: try row.bytes("body"))))
    }

    /// Replaces it on behalf of a reader; gives it as it is then.
    ///
    /// - Throws: `Problem`: 404, 403, 428, 412.
    static func change(
        _ region: String,
        _ body: JSON,
        _ ifMatch: Writes.IfMatch,
        _ databases: Databases,
        as reader: Reader
    ) async throws -> JSON {
        return try await Writes.change(ifMatch, databases, as: reader) { transaction, version -> JSON? in
            let text = body["text"]
            let rows = try await transaction.query(
                """
                SELECT klappa.set_region_contact(r.no, \(version), \(body["liaison"]?.string), \(body["email"]?.string),
                    \(body["phone"]?.string), \(body["url"]?.string), \(text?["sv"]?.string), \(text?["en"]?.string))
                    AS version
                FROM klappa.region r
                WHERE r.code = \(region)
                """
            )
            guard let row = rows.first, try row.decode(Int64?.self, "version") != nil else { return nil }
            return try await find(region, transaction)?.record
        } current: { transaction in
            try await find(region, transaction)
        }
    }
}
