internal import HTTPTypes
public import Web

/// Locations as operations of the API: search, points for a map, record, and the municipality of a point.
public enum LocationRoutes {
    private static let numberOrID = Parameter.path(
        "numberOrId",
        "Number or id of a location.",
        pattern: .slug,
        length: 1...100,
        example: "117"
    )

    /// - Parameter directory: answers everything.
    public static func operations(_ directory: LocationDirectory) -> [Operation] {
        [list(directory), points(directory), get(directory), nearest(directory)]
    }

    private static func list(_ directory: LocationDirectory) -> Operation {
        Operation(
            id: "listLocations",
            .get,
            "/api/v1/locations",
            tag: "Locations",
            summary: "Search locations",
            description: """
                Places offered for filming that match every filter. With `dates` those that are free come first, as for \
                crew; a day of which nothing is known is never free. Boxes and distances judge the public point, which \
                is rounded unless the owner lets anyone see the exact one.
                """,
            security: .optional,
            parameters: LocationParameters.all,
            response: .json("What was found.", LocationSchemas.list, example: LocationSchemas.exampleList),
            problems: [.foreignCursor]
        ) { input, context in
            let results = try await directory.search(LocationParameters.search(input), for: context.reader)
            return .json(ListingWriter.list(results, codes: "type"))
        }
    }

    private static func points(_ directory: LocationDirectory) -> Operation {
        Operation(
            id: "listLocationPoints",
            .get,
            "/api/v1/locations/points",
            tag: "Locations",
            summary: "Locations on a map",
            description: """
                The public points of the locations that a search finds, as GeoJSON: the same filters, no pages. Several \
                may share a point of the grid.
                """,
            security: .optional,
            parameters: LocationParameters.filters,
            response: .json("The points.", LocationSchemas.points, example: LocationSchemas.examplePoints)
        ) { input, context in
            let search = LocationParameters.search(input, isPaged: false)
            return .json(try await directory.points(search, for: context.reader))
        }
    }

    private static func get(_ directory: LocationDirectory) -> Operation {
        Operation(
            id: "getLocation",
            .get,
            "/api/v1/locations/{numberOrId}",
            tag: "Locations",
            summary: "One location",
            description:
                "The public record of a location: what lists show, and texts, photographs and productions.",
            security: .optional,
            parameters: [numberOrID],
            response: .json("The record.", LocationSchemas.record, example: LocationSchemas.exampleRecord),
            problems: [.notFound]
        ) { input, _ in
            guard let record = try await directory.recordBody(input[numberOrID]) else {
                throw Problem(.notFound)
            }
            return .json(record.body, version: record.version)
        }
    }

    private static let point = Parameter<[Double]>(
        ParameterDeclaration(
            "point",
            "Latitude and longitude in degrees (WGS 84).",
            schema: .array(of: .number(-90...90, example: 55.6), count: 2...2),
            example: [56.88, 14.81],
            required: true
        ),
        absent: nil
    ) { text throws(Fault) in
        guard let point = try CrewParameters.near.read(text) as? [Double] else {
            throw Fault("missing", Localized(sv: "Ange en punkt.", en: "Give a point."))
        }
        return point
    }

    private static func nearest(_ directory: LocationDirectory) -> Operation {
        Operation(
            id: "listMunicipalitiesNear",
            .get,
            "/api/v1/municipalities/near",
            tag: "Vocabularies",
            summary: "The municipality of a point",
            description: """
                At most three municipalities within 30 km, nearest first. Outlines are generalised, so the first is a \
                proposal that a person confirms. Empty far from the six regions.
                """,
            security: .optional,
            parameters: [point],
            response: .json(
                "What is near.",
                .object([
                    .required(
                        "items",
                        .array(
                            of: .object(
                                named: "NearMunicipality",
                                [
                                    .required("code", .string(pattern: .code, example: "0780")),
                                    .required(
                                        "metres",
                                        .integer(0...30_000, example: 0),
                                        "0 within its outline."
                                    ),
                                ]
                            )
                        )
                    )
                ]),
                example: ["items": [["code": "0780", "metres": 0]]]
            )
        ) { input, _ in
            let point = input[point]
            let near = try await directory.municipalities(near: (point[0], point[1]))
            return .json(
                [
                    "items": .array(
                        near.map { ["code": .string($0.code), "metres": .integer(Int64($0.metres))] }
                    )
                ] as JSON
            )
        }
    }
}
