internal import FoundationEssentials
internal import HTTPTypes
internal import NIOCore
internal import Postgres
internal import Web

/// A listing and its calendar as operations of the API, for the account that owns it and the office of its region. Row
/// security decides who that is; a listing that the bearer may not see is a 404.
enum OwnListingRoutes {
    private static let slugOrID = Parameter.path(
        "slugOrId",
        "Slug or id of a person.",
        pattern: .slug,
        length: 1...100,
        example: "ylva-strandmark-17"
    )
    private static let whose =
        "A key of the account that owns the listing, or of its region's office, is needed."

    /// - Parameter databases: `member` is read and written, as the bearer of the key.
    static func operations(_ databases: Databases, _ catalogue: VocabularyCatalogue) -> [Operation] {
        let writer = OwnListingWriter(databases: databases, catalogue: catalogue)
        return [
            get(writer), replace(writer), getCalendar(writer), replaceCalendar(writer), block(writer),
        ]
    }

    private static func get(_ writer: OwnListingWriter) -> Operation {
        Operation(
            id: "getCrewListing",
            .get,
            "/api/v1/crew/{slugOrId}/listing",
            tag: "Crew",
            summary: "A listing as its owner has it",
            description: """
                Everything that is stored of a person but the days, in whatever state: every contact field with who \
                sees it, the consent, and what the office said when it returned the listing. \(whose)
                """,
            security: .required,
            parameters: [slugOrID],
            response: .json("The listing.", OwnListingSchemas.listing, example: OwnListingSchemas.example),
            problems: [.notFound]
        ) { input, context in
            let found = try await writer.listing(input[slugOrID], as: context.reader)
            return .json(found.body, version: found.version)
        }
    }

    private static func replace(_ writer: OwnListingWriter) -> Operation {
        Operation(
            id: "replaceCrewListing",
            .put,
            "/api/v1/crew/{slugOrId}/listing",
            tag: "Crew",
            summary: "Correct a listing",
            description: """
                Replaces what a listing says: what is left out is emptied. Its state stays. What its owner changes of a \
                published listing waits for the office as `proposal`; only `contactFields` and \
                `availabilityVisibility` count at once. What the office writes counts at once. `If-Match` carries the \
                version of the listing. \(whose)
                """,
            security: .required,
            parameters: [slugOrID, Writes.ifMatch],
            body: .init(OwnListingSchemas.body, example: OwnListingSchemas.exampleBody),
            response: .json("As it is now.", OwnListingSchemas.listing, example: OwnListingSchemas.example),
            problems: [.notFound, .preconditionRequired, .preconditionFailed, .conflict]
        ) { input, context in
            let changed = try await writer.replace(
                input[slugOrID],
                input.body,
                input[Writes.ifMatch],
                as: context.reader
            )
            return .json(changed.body, version: changed.version)
        }
    }

    private static func getCalendar(_ writer: OwnListingWriter) -> Operation {
        Operation(
            id: "getCrewCalendar",
            .get,
            "/api/v1/crew/{slugOrId}/calendar",
            tag: "Crew",
            summary: "A calendar as its owner has it",
            description: """
                The known span, and the days that are blocked, booked, held or taken from a feed, each apart. Others \
                see free, held, busy or unknown only, through `dates` of the search. \(whose)
                """,
            security: .required,
            parameters: [slugOrID],
            response: .json(
                "The calendar.",
                OwnListingSchemas.calendar,
                example: OwnListingSchemas.exampleCalendar
            ),
            problems: [.notFound]
        ) { input, context in
            let calendar = try await writer.calendar(input[slugOrID], as: context.reader)
            return .json(calendar.json, version: calendar.version)
        }
    }

    private static func replaceCalendar(_ writer: OwnListingWriter) -> Operation {
        Operation(
            id: "replaceCrewCalendar",
            .put,
            "/api/v1/crew/{slugOrId}/calendar",
            tag: "Crew",
            summary: "Replace known span and blocked days",
            description: """
                Replaces the known span and the days that the owner marked; bookings, holds and feeds stay. \
                `If-Match` carries the version of the calendar, 0 before anything was entered. \(whose)
                """,
            security: .required,
            parameters: [slugOrID, Writes.ifMatch],
            body: .init(
                OwnListingSchemas.calendarBody,
                example: OwnListingSchemas.exampleCalendarBody
            ),
            response: .json(
                "As it is now.",
                OwnListingSchemas.calendar,
                example: OwnListingSchemas.exampleCalendar
            ),
            problems: [.notFound, .preconditionRequired, .preconditionFailed]
        ) { input, context in
            let calendar = try await writer.replaceCalendar(
                input[slugOrID],
                input.body,
                input[Writes.ifMatch],
                as: context.reader
            )
            return .json(calendar.json, version: calendar.version)
        }
    }

    private static func block(_ writer: OwnListingWriter) -> Operation {
        Operation(
            id: "blockCrewDays",
            .post,
            "/api/v1/crew/{slugOrId}/calendar/blocks",
            tag: "Crew",
            summary: "Mark days as not to be had",
            description: """
                Adds days to those that are blocked; marks that they touch become one with them. Needs no version, \
                because nothing can be lost. \(whose)
                """,
            security: .required,
            parameters: [slugOrID, Writes.idempotencyKey],
            body: .init(OwnListingSchemas.period, example: OwnListingSchemas.exampleDays),
            response: .json(
                "The calendar as it is now.",
                OwnListingSchemas.calendar,
                example: OwnListingSchemas.exampleCalendar,
                status: 201
            ),
            problems: [.notFound, .keyReused]
        ) { input, context in
            let slug = input[slugOrID]
            let days = OwnListingWriter.days(input.body)
            return try await Writes.create(input, "blockCrewDays", writer.databases, as: context.reader) {
                transaction in
                let calendar = try await writer.block(days, of: slug, transaction)
                var answer = Answer.json(calendar.json, status: .created, version: calendar.version)
                answer.headers[.location] = "/api/v1/crew/\(slug)/calendar"
                return answer
            }
        }
    }
}
