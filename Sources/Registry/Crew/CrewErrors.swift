internal import Web

extension ProblemCode {
    /// 409: a cursor that belongs to another search than the one it was sent with.
    static let foreignCursor = ProblemCode(
        "foreign-cursor",
        status: 409,
        title: Localized(sv: "Markören hör till en annan sökning", en: "Cursor of another search"),
        detail: Localized(
            sv: "Markören går bara att använda med den sökning som gav den.",
            en: "The cursor can only be used with the search that gave it."
        )
    )
}
