# The knowledge base
faq-is-for-customers = a question of customers is for customers to read
topic-answered = the topic has a standard answer already; revise or take down that one first (PROP-43)
key-taken = another article has this key
article-not-read = nothing of this article is published
unknown-article = there is no such article
review-days-range = the days until the next look must be 1 to 1100
percent-range = the pass mark must be 1 to 100
quiz-closed = this quiz was closed
answers-needed = each question needs an answer; it may be empty
invalid-fact-schema = the file of fields is wrong: { $reason }
invalid-number = must be a number such as 12800 or 2.5
invalid-amount = must be an amount with up to two decimals, such as 2.80
invalid-hours = must be hours such as 08:30-12:00 14:00-18:00
invalid-date = must be a day of the calendar, such as 2019-06-30
knowledge-imported = { $opened } new, { $changed } changed, { $same } the same, { $kept } changed here and kept; { $sheets } sheets changed
why-article-waits = an article waits for your approval
why-article-approved = your article was approved and is published
why-article-returned = your article was sent back
why-article-review-due = an article is to be looked at: does it still hold?
why-article-expired = an article has expired and was taken down
why-article-handed = you answer for an article now
why-facts-changed = facts of an estate changed; read and know them: { $unit } ({ $fields } fields)

# Names
word-article = article
word-revised = being revised
word-resubmitted = revision to be approved
word-expired = expired
word-write = write
word-discard = throw away the revision
word-confirm = confirm that it still holds
word-hand = hand to another owner
word-bring = bring in
word-ask = ask for a look
word-expire = expire
