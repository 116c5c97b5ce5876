/** A small English sentiment lexicon: what it does not hold counts as neutral. */
export const POSITIVE_WORDS = new Set(
  "admire amazing appreciate awesome beautiful best better brilliant calm clear comfortable delight delighted easy effective efficient enjoy enjoyed excellent excited fantastic fast favourite fine friendly gain glad good gorgeous grateful great happy helpful impressive improve improved improvement innovative like liked love loved lovely nice outstanding perfect pleased positive praise profit promising recommend reliable resolved robust safe satisfied smooth solid strong succeed success successful superb support thank thanks thrilled trust useful valuable win wonderful".split(
    " ",
  ),
);

/** The other half of the lexicon. */
export const NEGATIVE_WORDS = new Set(
  "abuse afraid angry annoyed annoying anxious awful bad broken bug complain complaint concern confusing crash crashed damage dangerous decline defect delay delayed difficult disappoint disappointed disappointing disaster dislike error expensive fail failed failing failure fault fear fraud frustrated frustrating hate hated horrible hurt ignored impossible lack late lose loss lost mess miss missing mistake negative pain painful poor problem reject risk sad scared slow sorry stuck terrible threat trouble ugly unacceptable unfair unhappy unreliable unsafe upset urgent useless weak worried worse worst wrong".split(
    " ",
  ),
);

/** Words that turn the next sentiment word round. */
export const NEGATIONS = new Set(
  "not no never neither nor hardly barely without cannot can't don't doesn't didn't isn't wasn't aren't won't wouldn't shouldn't couldn't".split(
    " ",
  ),
);
/** Words that strengthen the next sentiment word. */
export const INTENSIFIERS = new Set(
  "very really extremely absolutely totally highly so incredibly deeply".split(" "),
);
