/** The commonest words without meaning of their own, by language (ISO 639-1). */
export const FUNCTION_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  en: words(
    "a about above after again against all also am an and any are as at be because been before being below between both but by can could did do does doing down during each few for from further had has have having he her here hers him his how i if in into is it its itself just may me might more most must my no nor not now of off on once only or other our out over own same shall she should so some such than that the their them then there these they this those through to too under until up upon us very was we were what when where which while who whom why will with would you your",
  ),
  de: words(
    "aber als am an auch auf aus bei bin bis das dass dem den der des die durch ein eine einem einen einer es für hat ich ihr im in ist ja kein mit nach nicht noch nur oder sein sich sie sind so über um und uns von vor war was wenn wie wir wird zu zum zur",
  ),
  es: words(
    "al como con de del desde el ella en entre era es esta este esto ha hasta la las lo los más me mi muy no o para pero por que qué se ser si sin sobre son su sus también un una uno y ya",
  ),
  fr: words(
    "à au aux avec ce ces dans de des du elle en est et eux il ils je la le les leur lui ma mais me même mes moi mon ne nos notre nous on ou où par pas pour qu que qui sa se ses son sur ta te tes ton tu un une vos votre vous",
  ),
  it: words(
    "al alla che ci con da dal dalla dei del della di e è gli ha i il in io la le lo ma mi nel nella non o per più quella questo se si sono su un una uno",
  ),
  nl: words(
    "aan als bij dan dat de deze die dit door een en er geen heb het hij ik in is je kan maar met naar niet nog of om ook op over te tot uit van voor waar was wat we wel wij wordt zal zich zijn zo",
  ),
  bg: words("а без беше в за защо и как като която ли на не но от по са се след това той тя че ще"),
  ru: words(
    "а без был были в во все вы для его если и из или их к как когда мы на не но о он она они от по с со так то у что это я",
  ),
  pt: words(
    "à ao aos as às com da das de do dos e é ela ele em era essa este eu foi isso já mais mas me muito na não nas no nos o os ou para pela pelo por que se sem ser seu sua são também um uma você",
  ),
};

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
