internal import Postgres
internal import Web

extension VocabularyQueries {
    /// Groups, each followed by its kinds.
    func locationTypes() async throws(PostgresError) -> [Vocabularies.LocationType] {
        let rows = try await database.query(
            "SELECT code, parent, name_sv, name_en FROM klappa.location_type ORDER BY sort_order, code"
        )
        var types: [Vocabularies.LocationType] = []
        for row in rows {
            types.append(
                Vocabularies.LocationType(
                    code: try row.decode(String.self, "code"),
                    parent: try row.decode(String?.self, "parent"),
                    name: try name(of: row)
                )
            )
        }
        return types
    }

    /// Features with the values of those that are lists.
    func locationFeatures() async throws(PostgresError) -> [Vocabularies.LocationFeature] {
        var values: [String: [Vocabularies.Term]] = [:]
        let valueRows = try await database.query(
            """
            SELECT feature, code, name_sv, name_en, retired FROM klappa.location_feature_value
            ORDER BY feature, sort_order, code
            """
        )
        for row in valueRows {
            values[try row.decode(String.self, "feature"), default: []].append(
                Vocabularies.Term(
                    code: try row.decode(String.self, "code"),
                    name: try name(of: row),
                    retired: try row.decode(Bool.self, "retired")
                )
            )
        }
        let rows = try await database.query(
            """
            SELECT code, "group", name_sv, name_en, data_type, unit FROM klappa.location_feature
            ORDER BY sort_order, code
            """
        )
        var features: [Vocabularies.LocationFeature] = []
        for row in rows {
            let code = try row.decode(String.self, "code")
            let dataType = try row.decode(String.self, "data_type")
            features.append(
                Vocabularies.LocationFeature(
                    code: code,
                    group: try row.decode(String.self, "group"),
                    name: try name(of: row),
                    dataType: Vocabularies.LocationFeature.DataType(rawValue: dataType) ?? .choice,
                    unit: try row.decode(String?.self, "unit"),
                    values: values[code] ?? []
                )
            )
        }
        return features
    }

    /// By register.
    func companyCategories() async throws(PostgresError) -> [Vocabularies.CompanyCategory] {
        let rows = try await database.query(
            "SELECT code, register, name_sv, name_en FROM klappa.company_category ORDER BY sort_order, code"
        )
        var categories: [Vocabularies.CompanyCategory] = []
        for row in rows {
            categories.append(
                Vocabularies.CompanyCategory(
                    code: try row.decode(String.self, "code"),
                    register: try row.decode(String.self, "register"),
                    name: try name(of: row)
                )
            )
        }
        return categories
    }
}
