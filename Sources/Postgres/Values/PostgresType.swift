/// The number by which PostgreSQL names a type.
///
/// Built-in types have fixed numbers (`pg_type.dat` in PostgreSQL's source); those of enums and extensions differ
/// from database to database.
public struct PostgresType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The object identifier in `pg_type`.
    public let rawValue: UInt32

    /// Takes any number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    private init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The name of a built-in type, else its number.
    public var description: String {
        Self.names[rawValue] ?? "type \(rawValue)"
    }

    /// The type of arrays of this type; nil when it is not a built-in type with arrays known here.
    public var array: PostgresType? {
        Self.arrays[rawValue].map { PostgresType($0) }
    }

    /// Left to the server, which takes it from the place where the value stands.
    public static let unspecified = PostgresType(0)
    /// `boolean`
    public static let bool = PostgresType(16)
    /// `bytea`
    public static let bytea = PostgresType(17)
    /// `name`
    public static let name = PostgresType(19)
    /// `bigint`
    public static let int8 = PostgresType(20)
    /// `smallint`
    public static let int2 = PostgresType(21)
    /// `integer`
    public static let int4 = PostgresType(23)
    /// `text`
    public static let text = PostgresType(25)
    /// `oid`
    public static let oid = PostgresType(26)
    /// `json`
    public static let json = PostgresType(114)
    /// `real`
    public static let float4 = PostgresType(700)
    /// `double precision`
    public static let float8 = PostgresType(701)
    /// `unknown`, a literal whose type nobody asked for
    public static let unknown = PostgresType(705)
    /// `character(n)`
    public static let bpchar = PostgresType(1042)
    /// `character varying`
    public static let varchar = PostgresType(1043)
    /// `date`
    public static let date = PostgresType(1082)
    /// `timestamp without time zone`
    public static let timestamp = PostgresType(1114)
    /// `timestamp with time zone`
    public static let timestamptz = PostgresType(1184)
    /// `interval`
    public static let interval = PostgresType(1186)
    /// `bit(n)`
    public static let bit = PostgresType(1560)
    /// `bit varying`
    public static let varbit = PostgresType(1562)
    /// `numeric`
    public static let numeric = PostgresType(1700)
    /// `void`
    public static let void = PostgresType(2278)
    /// `uuid`
    public static let uuid = PostgresType(2950)
    /// `jsonb`
    public static let jsonb = PostgresType(3802)
    /// `int4range`
    public static let int4range = PostgresType(3904)
    /// `numrange`
    public static let numrange = PostgresType(3906)
    /// `tsrange`
    public static let tsrange = PostgresType(3908)
    /// `tstzrange`
    public static let tstzrange = PostgresType(3910)
    /// `daterange`
    public static let daterange = PostgresType(3912)
    /// `int8range`
    public static let int8range = PostgresType(3926)
    /// `int4multirange`
    public static let int4multirange = PostgresType(4451)
    /// `nummultirange`
    public static let nummultirange = PostgresType(4532)
    /// `tsmultirange`
    public static let tsmultirange = PostgresType(4533)
    /// `tstzmultirange`
    public static let tstzmultirange = PostgresType(4534)
    /// `datemultirange`
    public static let datemultirange = PostgresType(4535)
    /// `int8multirange`
    public static let int8multirange = PostgresType(4536)

    /// Whether the binary form is the text itself, for built-in types.
    var isText: Bool {
        switch rawValue {
        case 18, 19, 25, 114, 142, 705, 1042, 1043: true
        default: false
        }
    }

    /// Whether the type belongs to a database (enum, domain, extension) and so has no fixed number.
    var isOfDatabase: Bool { rawValue >= 16384 }

    private static let arrays: [UInt32: UInt32] = [
        16: 1000, 17: 1001, 19: 1003, 20: 1016, 21: 1005, 23: 1007, 25: 1009, 26: 1028, 114: 199, 700: 1021,
        701: 1022, 1042: 1014, 1043: 1015, 1082: 1182, 1114: 1115, 1184: 1185, 1186: 1187, 1560: 1561,
        1562: 1563,
        1700: 1231, 2950: 2951, 3802: 3807, 3904: 3905, 3906: 3907, 3908: 3909, 3910: 3911, 3912: 3913,
        3926: 3927, 4451: 6150, 4532: 6151, 4533: 6152, 4534: 6153, 4535: 6155, 4536: 6157,
    ]

    private static let names: [UInt32: String] = [
        0: "unspecified", 16: "boolean", 17: "bytea", 19: "name", 20: "bigint", 21: "smallint", 23: "integer",
        25: "text", 26: "oid", 114: "json", 700: "real", 701: "double precision", 705: "unknown",
        1042: "character", 1043: "character varying", 1082: "date", 1114: "timestamp", 1184: "timestamptz",
        1186: "interval", 1560: "bit", 1562: "bit varying", 1700: "numeric", 2278: "void", 2950: "uuid",
        3802: "jsonb", 3904: "int4range", 3906: "numrange", 3908: "tsrange", 3910: "tstzrange",
        3912: "daterange",
        3926: "int8range", 4451: "int4multirange", 4532: "nummultirange", 4533: "tsmultirange",
        4534: "tstzmultirange", 4535: "datemultirange", 4536: "int8multirange", 1000: "boolean[]",
        1001: "bytea[]",
        1005: "smallint[]", 1007: "integer[]", 1009: "text[]", 1016: "bigint[]", 1182: "date[]",
        2951: "uuid[]",
    ]
}
