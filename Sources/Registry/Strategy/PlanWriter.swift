internal import Foundation
internal import NIOCore
internal import Postgres
internal import Web

/// Writes to the plans of the regions on behalf of a reader, with the refusals of the database as sentences.
///
/// Operations and forms both come here: one way to write, one set of rules.
struct PlanWriter: Sendable {
    let databases: Databases

    /// Lets a region have a level from a day on; gives the level as anyone may read it.
    ///
    /// - Throws: `Problem`: 404, 403, 428, 412, 409 `level-not-carried` naming what is missing, 400.
    func setLevel(_ body: JSON, of region: String, _ ifMatch: Writes.IfMatch, as reader: Reader) async throws
        -> StrategyQueries.Document
    {
        let ends = ["from", "to"].compactMap { body[$0]?.string.flatMap { Day($0) } }
        guard ends.count == 2, let from = ends.min() else { throw Problem(.invalid) }
        try await told {
            try await Writes.change(ifMatch, databases, as: reader) { transaction, version -> Bool? in
                guard let place = try await PlanQueries.place(region, transaction) else {
                    throw Problem(.notFound)
                }
                // The rule of the levels is asked before row security: who may not write is told that.
                guard place.mayWrite else { throw Problem(.forbidden) }
                guard place.version == version else { return nil }
                try await PlanQueries.setLevel(body, from: from, place.region, transaction)
                return true
            } current: { transaction in
                guard let place = try await PlanQueries.place(region, transaction) else { return nil }
                let level = try await StrategyQueries.level(region, databases.open)
                return (place.version, level.flatMap { JSON(ByteBuffer(bytes: $0.body)) })
            }
        }
        guard let level = try await StrategyQueries.level(region, databases.open) else {
            throw Problem(.notFound)
        }
        return level
    }

    /// Adds a row in a transaction of the reader; gives it as the plan shows it.
    func add(_ item: PlanItem, _ body: JSON, to region: String, _ transaction: Transaction) async throws -> (
        id: UUID, record: JSON
    ) {
        guard let place = try await PlanQueries.place(region, transaction) else { throw Problem(.notFound) }
        return try await PlanQueries.add(item, body, place.region, transaction)
    }

    /// Replaces a row; gives it as the plan shows it.
    ///
    /// - Throws: `Problem`: 404, 403, 428, 412, 409 `evidence-carries-level`, 400.
    func change(
        _ item: PlanItem,
        _ id: UUID,
        _ body: JSON,
        of region: String,
        _ ifMatch: Writes.IfMatch,
        as reader: Reader
    ) async throws -> JSON {
        try await told {
            try await Writes.change(ifMatch, databases, as: reader) { transaction, version in
                guard let place = try await PlanQueries.place(region, transaction) else {
                    throw Problem(.notFound)
                }
                return try await PlanQueries.change(
                    item,
                    id,
                    body,
                    version: version,
                    place.region,
                    transaction
                )
            } current: { transaction in
                try await current(item, id, region, transaction)
            }
        }
    }

    /// Removes a row.
    ///
    /// - Throws: `Problem`: 404, 403, 428, 412, 409 `evidence-carries-level`.
    func remove(_ item: PlanItem, _ id: UUID, of region: String, _ ifMatch: Writes.IfMatch, as reader: Reader)
        async throws
    {
        _ = try await told {
            try await Writes.change(ifMatch, databases, as: reader) { transaction, version -> Bool? in
                guard let place = try await PlanQueries.place(region, transaction) else {
                    throw Problem(.notFound)
                }
                return try await PlanQueries.remove(item, id, version: version, place.region, transaction)
                    ? true : nil
            } current: { transaction in
                try await current(item, id, region, transaction)
            }
        }
    }

    private func current(_ item: PlanItem, _ id: UUID, _ region: String, _ transaction: Transaction)
        async throws
        -> Writes.Current?
    {
        guard let place = try await PlanQueries.place(region, transaction),
            let record = try await PlanQueries.find(item, id, place.region, transaction),
            case .integer(let version)? = record["version"]
        else { return nil }
        return (version, record)
    }

    /// Turns what the database refuses into sentences that name the commitments.
    @discardableResult
    func told<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError {
            let strategy = try await PublicStrategy(databases).strategy()
            throw StrategyErrors.problem(for: error, in: strategy) ?? error
        }
    }
}
