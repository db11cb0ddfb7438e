internal import HTTPTypes
public import Web

/// What the API says about itself: the head of the OpenAPI document, and `GET /api/v1/api-info` (rule VER.06 of the
/// Swedish national REST API profile).
public enum APIInfo {
    /// Semantic; the first number is that of the address.
    public static let version = "1.0.0"
    /// The day of this version.
    static let released = "2026-11-24"

    /// The operation `GET /api/v1/api-info`.
    ///
    /// - Parameter origin: the public address of the service without a slash at its end.
    public static func operation(origin: String?) -> Operation {
        let origin = origin ?? defaultOrigin
        let info: JSON = [
            "apiName": "Klappa",
            "apiVersion": .string(version),
            "apiReleased": .string(released),
            "apiDocumentation": .string(origin + "/openapi.json"),
            "apiStatus": "active",
        ]
        return Operation(
            id: "getApiInfo",
            .get,
            "/api/v1/api-info",
            tag: "About",
            summary: "About this API",
            description: "Name, version, release day, documentation and status of the API, "
                + "as the Swedish national REST API profile asks for (VER.06).",
            response: .json(
                "About the API.",
                .object(
                    named: "ApiInfo",
                    [
                        .required("apiName", .string(example: "Klappa"), "Name of the API."),
                        .required("apiVersion", .string(example: version), "Semantic version."),
                        .required("apiReleased", .day(example: released), "Day of the version."),
                        .required("apiDocumentation", .string(format: "uri"), "Address of this description."),
                        .required(
                            "apiStatus",
                            .choice(["active", "deprecated"]),
                            "Whether it is maintained."
                        ),
                    ]
                ),
                example: info
            )
        ) { _, _ in .json(info, caching: .fresh(seconds: 300)) }
    }

    static let defaultOrigin = "https://klappa.example"

    /// The OpenAPI document of these operations.
    ///
    /// - Parameters:
    ///   - origin: the public address of the service without a slash at its end.
    ///   - codes: of each vocabulary, by the name that schemas use; of one that is missing the form is described only.
    public static func document(
        of operations: [Operation],
        origin: String?,
        codes: [String: [String]] = [:]
    ) -> OpenAPIDocument {
        let origin = origin ?? defaultOrigin
        // The profile wants https on its own port; a local address is reached by the relative server.
        let isPublic = origin.hasPrefix("https://") && !origin.dropFirst(8).contains(":")
        let address = isPublic ? origin : defaultOrigin
        return OpenAPIDocument(
            .init(
                title: "Klappa",
                version: version,
                description: description,
                contact: ("Klappa", address + "/sv/about", "api@klappa.example"),
                license: ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
                terms: address + "/en/about",
                limitations: limitations,
                documentation: (
                    address + "/en/about",
                    "About the service, its service level (SLA) and its terms. Om tjänsten."
                ),
                servers: [(address, "The public service."), ("/", "This installation.")],
                tags: [
                    ("About", "About the API. Om API:et."),
                    ("Inquiries", "What productions ask of the regions. Förfrågningar."),
                    ("Crew", "People who work on productions. Filmarbetare."),
                    ("Review", "What waits for an office. Granskning."),
                    ("Talent", "Talent programmes and their calls. Talangprogram."),
                    ("Vocabularies", "The words that the registry uses. Ordlistor."),
                ]
            ),
            operations: operations,
            vocabularies: codes
        )
    }

    private static let description = """
        Klappa är södra Sveriges gemensamma register över filmarbetare för de sex regionerna Blekinge, Halland, \
        Jönköping, Kalmar, Kronoberg och Skåne. Allt som är publikt är öppet för alla; en nyckel visar det som delas \
        med godkända sökande.

        Klappa is the joint registry of film crew for the six regions of Southern Sweden. What is public is open to \
        everyone; a key shows what is shared with approved searchers.

        Lists of values are comma-separated. Days are calendar days, intervals have both ends included. Unknown \
        parameters and members are refused. Errors are problem documents (RFC 9457) in Swedish or English, by \
        `Accept-Language`. Answers carry an `ETag`; `If-None-Match` saves sending them again.
        """

    private static let limitations = """
        At most 100 items in one answer, bodies of at most 64 KiB (applications 256 KiB), addresses of at most 8 KiB. Under too much load \
        the service answers 503 with Retry-After at once. Pages by number reach the first results only; a cursor \
        reaches all.
        """
}
