internal import HTTPTypes
public import Web

/// Crew as operations of the API: search, record, staffing.
public enum CrewRoutes {
    private static let slugOrID = Parameter.path(
        "slugOrId",
        "Slug or id of a person.",
        pattern: .slug,
        length: 1...100,
        example: "ylva-strandmark-17"
    )

    /// - Parameter directory: answers everything.
    public static func operations(_ directory: CrewDirectory) -> [Operation] {
        [list(directory), get(directory), staff(directory)]
    }

    private static func list(_ directory: CrewDirectory) -> Operation {
        Operation(
            id: "listCrew",
            .get,
            "/api/v1/crew",
            tag: "Crew",
            summary: "Search crew",
            description: """
                People who match every filter, best first: free on all days needed, then on some (most first), then \
                unknown, none, hidden; ties by renewal, then name. Role, grade and department speak of one and the \
                same held role. A day of which nothing is known is never free. A searcher's key also shows the days \
                of those who share them with approved searchers.
                """,
            security: .optional,
            parameters: CrewParameters.all,
            response: .json("Who was found.", CrewSchemas.list, example: CrewSchemas.exampleList),
            problems: [.foreignCursor]
        ) { input, context in
            let search = CrewParameters.search(input)
            return .json(CrewWriter.list(try await directory.search(search, for: context.reader)))
        }
    }

    private static func get(_ directory: CrewDirectory) -> Operation {
        Operation(
            id: "getCrewMember",
            .get,
            "/api/v1/crew/{slugOrId}",
            tag: "Crew",
            summary: "One person",
            description: "The public record of a person: what lists show, and texts, links and credits.",
            security: .optional,
            parameters: [slugOrID],
            response: .json("The record.", CrewSchemas.record, example: CrewSchemas.exampleRecord),
            problems: [.notFound]
        ) { input, context in
            guard let record = try await directory.recordBody(input[slugOrID], for: context.reader) else {
                throw Problem(.notFound)
            }
            return .json(record.body, version: record.version)
        }
    }

    private static func staff(_ directory: CrewDirectory) -> Operation {
        Operation(
            id: "staffCrew",
            .post,
            "/api/v1/crew/staffing",
            tag: "Crew",
            summary: "Fill a whole crew",
            description: """
                Fills posts with people who are free on all days, one person on one post, as many as can be filled at \
                all: from each region by itself, and from all regions together, where each person counts once. \
                Stores nothing.
                """,
            security: .optional,
            body: .init(StaffingSchemas.request, example: StaffingSchemas.exampleRequest),
            response: .json(
                "Who fills which post, and what is missing.",
                StaffingSchemas.result,
                example: StaffingSchemas.exampleResult
            )
        ) { input, context in
            let request = StaffingSchemas.read(input.body)
            return .json(CrewWriter.staffing(try await directory.staff(request, for: context.reader)))
        }
    }
}
