internal import Foundation
internal import NIOCore
internal import Postgres
internal import Web

/// A kind of rows in the plan of a region: evidence, goals, actions.
enum PlanItem: String, CaseIterable, Sendable {
    case evidence, goals, actions

    /// In ids and names of the API: `Evidence`, `Goal`, `Action`.
    var name: String {
        switch self {
        case .evidence: "Evidence"
        case .goals: "Goal"
        case .actions: "Action"
        }
    }

    /// How it is written.
    var row: EditedRow {
        switch self {
        case .evidence:
            EditedRow(
                table: "region_evidence",
                fields: [
                    .text("commitment").fixed, .text("state").laterOnly,
                    .text("state_reason", "reason").laterOnly,
                ] + EditedRow.Field.both("text") + [
                    .text("url"), .value("value", "value", "numeric"),
                    .value("measured_on", "measuredOn", "date"),
                ]
            )
        case .goals:
            EditedRow(
                table: "region_goal",
                fields: [.text("priority")] + EditedRow.Field.both("title") + EditedRow.Field.both("target")
                    + [
                        .text("source")
                    ]
            )
        case .actions:
            EditedRow(
                table: "region_action",
                fields: [.text("priority"), .text("commitment"), .value("goal", "goal", "uuid")]
                    + EditedRow.Field.both("title") + EditedRow.Field.both("text") + [
                        .text("state"), .text("responsible"), .day("first_day", .first),
                        .day("last_day", .last),
                    ] + EditedRow.Field.both("result") + [
                        .init(column: "public", value: "coalesce((x.b ->> 'public')::boolean, true)")
                    ]
            )
        }
    }
}

/// A region in a transaction that writes its plan.
struct PlanPlace: Sendable {
    /// The region's number.
    let region: Int16
    /// The version of the plan.
    let version: Int64
    /// Whether the reader may write the plan.
    let mayWrite: Bool
}

/// Every SQL statement that writes the plan of a region, run as `klappa_member` with the reader set.
enum PlanQueries {
    /// Finds a region and keeps others from its plan until the transaction ends; nil when there is no such region.
    static func place(_ region: String, _ transaction: Transaction) async throws -> PlanPlace? {
        let rows = try await transaction.query(
            "SELECT no, no = ANY (klappa.my_plans()) AS may_write FROM klappa.region WHERE code = \(region)"
        )
        guard let row = rows.first else { return nil }
        let no = try row.decode(Int16.self, "no")
        try await transaction.execute("SELECT klappa.lock_plan(\(no))")
        // Read after the lock: it is the version that stays.
        let plan = try await transaction.query(
            "SELECT version FROM klappa.region_plan_public WHERE region = \(no)"
        )
        return PlanPlace(
            region: no,
            version: try plan.first?.decode(Int64.self, "version") ?? 0,
            mayWrite: try row.decode(Bool.self, "may_write")
        )
    }

    /// Lets a region have a level from a day on: what was chosen before ends the day before, what was chosen for later
    /// is replaced.
    ///
    /// - Parameter body: `level`, `from`, `to`, `decidedOn`, `decision`, `note`.
    /// - Throws: `PostgresError` with the constraint `region_level_rests_on_lower_levels`.
    static func setLevel(_ body: JSON, from: Day, _ region: Int16, _ transaction: Transaction) async throws {
        try await transaction.execute(
            "DELETE FROM klappa.region_level WHERE region = \(region) AND first_day > \(from)"
        )
        try await transaction.execute(
            """
            UPDATE klappa.region_level SET last_day = \(from - 1)
            WHERE region = \(region) AND first_day < \(from) AND last_day >= \(from)
            """
        )
        let row = EditedRow(
            table: "region_level",
            fields: [
                .value("level", "level", "smallint"), .day("first_day", .first), .day("last_day", .last),
                .value("decided_on", "decidedOn", "date"),
                .text("decision"),
            ] + EditedRow.Field.both("note")
        )
        let changed = try await transaction.query(
            row.update(body, where: "t.region = \(region) AND t.first_day = \(from)")
        )
        if changed.isEmpty {
            try await transaction.execute(row.insert(body, keys: [("region", "\(region)::smallint")]))
        }
    }

    /// Adds a row to a plan; gives it as the plan shows it.
    static func add(
        _ item: PlanItem,
        _ body: JSON,
        _ region: Int16,
        _ transaction: Transaction
    ) async throws -> (id: UUID, record: JSON) {
        let id = UUID.version7()
        try await transaction.execute(
            item.row.insert(body, keys: [("region", "\(region)::smallint"), ("id", "\(id)")])
        )
        guard let record = try await find(item, id, region, transaction) else { throw Problem(.unexpected) }
        return (id, record)
    }

    /// Replaces a row of a plan if it still has the version; gives it as the plan shows it, nil when it met none.
    static func change(
        _ item: PlanItem,
        _ id: UUID,
        _ body: JSON,
        version: Int64,
        _ region: Int16,
        _ transaction: Transaction
    ) async throws -> JSON? {
        let rows = try await transaction.query(
            item.row.update(body, where: "t.region = \(region) AND t.id = \(id) AND t.version = \(version)")
        )
        return rows.isEmpty ? nil : try await find(item, id, region, transaction)
    }

    /// Removes a row of a plan if it still has the version; false when it met none.
    static func remove(
        _ item: PlanItem,
        _ id: UUID,
        version: Int64,
        _ region: Int16,
        _ transaction: Transaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            DELETE FROM klappa.\(identifier: item.row.table)
            WHERE region = \(region) AND id = \(id) AND version = \(version)
            """
        ) > 0
    }

    /// A row as the plan shows it to who may see it; nil when there is none or the reader does not see it.
    static func find(
        _ item: PlanItem,
        _ id: UUID,
        _ region: Int16,
        _ transaction: Transaction
    ) async throws -> JSON? {
        let rows = try await transaction.query(
            """
            SELECT i::text AS item
            FROM jsonb_array_elements(klappa.plan_document(\(region), true) -> \(item.rawValue)) AS i
            WHERE i ->> 'id' = \(id.uuidString.lowercased())
            """
        )
        guard let row = rows.first else { return nil }
        return JSON(ByteBuffer(bytes: try row.bytes("item")))
    }
}
