internal import Postgres

extension LocationWriting {
    /// SQL of what a location `l` of the base table says, as the JSON text of a ``Draft``.
    static let document: SQL = """
        json_build_object('name', l.name, 'municipality', l.municipality,
            'types', array(
                SELECT k.type FROM klappa.location_kind k JOIN klappa.location_type t ON t.code = k.type
                WHERE k.location = l.id ORDER BY k."primary" DESC, t.sort_order, t.code),
            'alias', l.alias, 'address', l.address,
            'point', CASE WHEN l.exact_point IS NOT NULL THEN json_build_object(
                'latitude', ST_Y(l.exact_point::geometry), 'longitude', ST_X(l.exact_point::geometry)) END,
            'isPlaceReleased', l.place_released, 'ownerName', l.owner_name,
            'headlineSv', l.headline_sv, 'headlineEn', l.headline_en,
            'descriptionSv', l.description_sv, 'descriptionEn', l.description_en,
            'availabilityVisibility', l.availability_visibility,
            'facts', (
                SELECT coalesce(json_agg(json_strip_nulls(json_build_object('feature', f.feature, 'yes', f.yes,
                    'number', trim_scale(f.number), 'choice', f.choice)) ORDER BY o.sort_order, v.sort_order, f.value), '[]')
                FROM klappa.location_fact f
                JOIN klappa.location_feature o ON o.code = f.feature
                LEFT JOIN klappa.location_feature_value v ON v.feature = f.feature AND v.code = f.choice
                WHERE f.location = l.id),
            'contacts', (
                SELECT coalesce(json_agg(json_build_object('kind', c.kind, 'value', c.value, 'visibility', c.visibility)
                    ORDER BY c.sort_order, c.kind, c.value), '[]')
                FROM klappa.contact_field c WHERE c.subject = l.id))::text
        """
}

extension LocationWriting.Fact: Codable {
    private enum Key: String, CodingKey { case feature, yes, number, choice }

    /// Reads `{"feature", "yes" | "number" | "choice"}`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        feature = try values.decode(String.self, forKey: .feature)
        if let yes = try values.decodeIfPresent(Bool.self, forKey: .yes) {
            value = .yes(yes)
        } else if let number = try values.decodeIfPresent(Double.self, forKey: .number) {
            value = .number(number)
        } else {
            value = .choice(try values.decode(String.self, forKey: .choice))
        }
    }

    /// Writes the same.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(feature, forKey: .feature)
        switch value {
        case .yes(let yes): try values.encode(yes, forKey: .yes)
        case .number(let number): try values.encode(number, forKey: .number)
        case .choice(let choice): try values.encode(choice, forKey: .choice)
        }
    }
}
