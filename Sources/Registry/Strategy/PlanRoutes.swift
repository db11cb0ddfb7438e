internal import FoundationEssentials
internal import HTTPTypes
internal import Postgres
public import Web

/// Writing a region's plan as operations of the API: its level, and the rows of the plan.
public enum PlanRoutes {
    private static let id = Parameter<String>.path(
        "id",
        "Id of the row, from the plan.",
        pattern: .uuid,
        length: 36...36,
        example: "0198c0de-7000-7abc-8def-000000000004"
    )
    private static let whose = """
        A key of a region administrator of the region, or of an administrator, is needed.
        """

    /// - Parameter databases: `member` is written, as the bearer of the key.
    public static func operations(_ databases: Databases) -> [Operation] {
        let writer = PlanWriter(databases: databases)
        return [setLevel(writer), setContact(databases)]
            + PlanItem.allCases.flatMap { [add($0, writer), change($0, writer), remove($0, writer)] }
    }

    private static func setLevel(_ writer: PlanWriter) -> Operation {
        Operation(
            id: "setRegionLevel",
            .put,
            "/api/v1/regions/{code}/level",
            tag: StrategyRoutes.tag,
            summary: "Choose a level",
            description: """
                Lets the region have a level from a day on: what was chosen before ends the day before, what was chosen \
                for later is replaced. While a commitment below the level lacks approved evidence the database refuses \
                it: 409 `level-not-carried`, with the codes under `missing` and their names in `detail`. `If-Match` \
                carries the version of the plan. \(whose)
                """,
            security: .required,
            parameters: [StrategyRoutes.region, Writes.ifMatch],
            body: .init(PlanSchemas.level, example: PlanSchemas.exampleLevel),
            response: .json(
                "The level.",
                StrategySchemas.levelDocument,
                example: StrategySchemas.exampleLevel
            ),
            problems: [.notFound, .levelNotCarried, .preconditionRequired, .preconditionFailed, .conflict]
        ) { input, context in
            let level = try await writer.setLevel(
                input.body,
                of: input[StrategyRoutes.region],
                input[Writes.ifMatch],
                as: context.reader
            )
            return .json(level.body, version: level.version)
        }
    }

    private static func setContact(_ databases: Databases) -> Operation {
        Operation(
            id: "setRegionContact",
            .put,
            "/api/v1/regions/{code}/contact",
            tag: StrategyRoutes.tag,
            summary: "Say how a region is reached",
            description: """
                Replaces how producers reach the region: its named liaison, mail, telephone, page and a sentence. What \
                is left out is emptied. `If-Match` carries the version of the region, which the list of regions tells. \
                \(whose)
                """,
            security: .required,
            parameters: [StrategyRoutes.region, Writes.ifMatch],
            body: .init(RegionContact.schema, example: RegionContact.example),
            response: .json("As it is now.", RegionContact.answer, example: RegionContact.exampleAnswer),
            problems: [.notFound, .preconditionRequired, .preconditionFailed]
        ) { input, context in
            let contact = try await RegionContact.change(
                input[StrategyRoutes.region],
                input.body,
                input[Writes.ifMatch],
                databases,
                as: context.reader
            )
            return .json(contact, version: StrategyEditRoutes.version(of: contact) ?? 0)
        }
    }

    private static func add(_ item: PlanItem, _ writer: PlanWriter) -> Operation {
        let record = PlanSchemas.record(item)
        let operation = "addRegion\(item.name)"
        return Operation(
            id: operation,
            .post,
            "/api/v1/regions/{code}/plan/\(item.rawValue)",
            tag: StrategyRoutes.tag,
            summary: summary(item, "Add"),
            description: item == .evidence
                ? "Submits evidence of a commitment; the public sees it once it is approved. \(whose)"
                : "Adds to the plan of the region. \(whose)",
            security: .required,
            parameters: [StrategyRoutes.region, Writes.idempotencyKey],
            body: .init(PlanSchemas.body(item, isNew: true), example: PlanSchemas.example(item, isNew: true)),
            response: .json("As the plan shows it.", record.schema, example: record.example, status: 201),
            problems: [.notFound, .keyReused, .conflict]
        ) { input, context in
            let region = input[StrategyRoutes.region]
            return try await writer.told {
                try await Writes.create(input, operation, writer.databases, as: context.reader) {
                    transaction in
                    let added = try await writer.add(item, input.body, to: region, transaction)
                    var answer = Answer.json(added.record, status: .created, version: 1)
                    answer.headers[.location] =
                        "/api/v1/regions/\(region)/plan/\(item.rawValue)/\(added.id.uuidString.lowercased())"
                    return answer
                }
            }
        }
    }

    private static func change(_ item: PlanItem, _ writer: PlanWriter) -> Operation {
        let record = PlanSchemas.record(item)
        return Operation(
            id: "changeRegion\(item.name)",
            .put,
            "/api/v1/regions/{code}/plan/\(item.rawValue)/{id}",
            tag: StrategyRoutes.tag,
            summary: summary(item, "Replace"),
            description: """
                Replaces the row: what is left out is emptied. `If-Match` carries the version of the row, which the \
                plan tells. \(item == .evidence ? "Approving, returning and taking back an approval are states. " : "")\
                \(whose)
                """,
            security: .required,
            parameters: [StrategyRoutes.region, id, Writes.ifMatch],
            body: .init(
                PlanSchemas.body(item, isNew: false),
                example: PlanSchemas.example(item, isNew: false)
            ),
            response: .json("As the plan shows it.", record.schema, example: record.example),
            problems: [.notFound, .preconditionRequired, .preconditionFailed, .conflict]
                + (item == .evidence ? [.evidenceCarriesLevel] : [])
        ) { input, context in
            guard let row = UUID(uuidString: input[id]) else { throw Problem(.notFound) }
            let changed = try await writer.change(
                item,
                row,
                input.body,
                of: input[StrategyRoutes.region],
                input[Writes.ifMatch],
                as: context.reader
            )
            guard case .integer(let version)? = changed["version"] else { throw Problem(.unexpected) }
            return .json(changed, version: version)
        }
    }

    private static func remove(_ item: PlanItem, _ writer: PlanWriter) -> Operation {
        Operation(
            id: "removeRegion\(item.name)",
            .delete,
            "/api/v1/regions/{code}/plan/\(item.rawValue)/{id}",
            tag: StrategyRoutes.tag,
            summary: summary(item, "Remove"),
            description: "Removes the row; the history keeps it. `If-Match` carries its version. \(whose)",
            security: .required,
            parameters: [StrategyRoutes.region, id, Writes.ifMatch],
            response: .json(
                "Removed.",
                .object(named: "Removed", [.required("removed", .uuid())]),
                example: ["removed": "0198c0de-7000-7abc-8def-000000000004"]
            ),
            problems: [.notFound, .preconditionRequired, .preconditionFailed, .conflict]
                + (item == .evidence ? [.evidenceCarriesLevel] : [])
        ) { input, context in
            guard let row = UUID(uuidString: input[id]) else { throw Problem(.notFound) }
            try await writer.remove(
                item,
                row,
                of: input[StrategyRoutes.region],
                input[Writes.ifMatch],
                as: context.reader
            )
            return .json(["removed": .string(row.uuidString.lowercased())] as JSON)
        }
    }

    private static func summary(_ item: PlanItem, _ verb: String) -> String {
        switch item {
        case .evidence: "\(verb) evidence"
        case .goals: "\(verb) a goal"
        case .actions: "\(verb) an action"
        }
    }
}
