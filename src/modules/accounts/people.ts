import { type RawBuilder, sql } from 'kysely'

/** What anybody may know of a person: the public part that other modules show beside their own things. */
export interface PersonCard {
  readonly id: string
  readonly name: string
  readonly headline: string | null
  readonly avatar_key: string | null
}

/**
 * The card of the person whose id stands in a column, as an expression to select: so another module's statement shows
 * people without a second one and without knowing our table.
 * @param column such as `course_instructors.user_id`
 */
export function personCard(column: string): RawBuilder<PersonCard> {
  return sql<PersonCard>`(
    select json_build_object('id', users.id, 'name', users.name, 'headline', users.headline, 'avatar_key', users.avatar_key)
    from users where users.id = ${sql.ref(column)})`
}
