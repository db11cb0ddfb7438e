internal import HTTPTypes
public import Postgres
public import Web

/// The vocabularies as operations of the API: one `GET` for each list, whole, in the order of the vocabulary.
public enum VocabularyRoutes {
    /// - Parameters:
    ///   - database: of any role; vocabularies are for everyone.
    ///   - catalogue: against which the values of filters are checked.
    public static func operations(_ database: PostgresClient, _ catalogue: VocabularyCatalogue) -> [Operation]
    {
        let queries = VocabularyQueries(database)
        return VocabularyList.all.map { operation($0, queries, catalogue) }
    }

    private static func operation(
        _ list: VocabularyList,
        _ queries: VocabularyQueries,
        _ catalogue: VocabularyCatalogue
    ) -> Operation {
        let filter = list.narrowedBy.map {
            Parameter.list(
                $0.name,
                $0.summary,
                of: .code(of: $0.name, example: $0.example)
            )
        }
        let item = JSONSchema.object(named: "Vocabulary" + list.name, list.properties)
        return Operation(
            id: "list" + list.name,
            .get,
            "/api/v1/" + list.path,
            tag: "Vocabularies",
            summary: list.summary,
            description: list.description,
            parameters: filter.map { [$0] } ?? [],
            response: .json(
                "The whole list.",
                .object([
                    .required("items", .array(of: item)),
                    .required("total", .integer(0...Int.max, example: 1)),
                    .required("next", .string().nullable, "Always null: the list is whole."),
                ]),
                example: ["items": [list.example], "total": 1, "next": nil]
            )
        ) { input, _ in
            let codes = filter.map { input[$0] } ?? []
            if let name = list.narrowedBy?.name { try await check(codes, of: name, catalogue) }
            let answer = try await queries.list(list, filter: codes)
            return .json(answer.body, version: answer.version)
        }
    }

    private static func check(_ codes: [String], of name: String, _ catalogue: VocabularyCatalogue)
        async throws
    {
        guard !codes.isEmpty else { return }
        let vocabularies = try await catalogue.current()
        let errors = codes.filter {
            name == "region" ? vocabularies.region($0) == nil : vocabularies.department($0) == nil
        }.map { code in
            FieldError.field(
                name,
                "unknown-value",
                Localized(sv: "Okänt värde: \(code).", en: "Unknown value: \(code).")
            )
        }
        guard errors.isEmpty else { throw Problem.invalid(errors) }
    }
}
