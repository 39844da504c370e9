/* Slates of a feed: `platforms/channels/recommend.py`. */
#include "luck.h"

ALWAYS int32_t draw_room(double luck, const double *sums, int64_t categories, const RankedRooms *feed, int64_t arc)
{
    double total = sums[categories - 1], target = luck * total;
    int64_t category = 0;
    for (int64_t earlier = 0; earlier < categories - 1; earlier++)
        category += target >= sums[earlier] && sums[earlier] < total;
    double below = category > 0 ? sums[category - 1] : 0.0;
    double within = (target - below) / (sums[category] - below);
    int64_t niche = category * feed->arcs + arc;
    int64_t first = feed->start[niche], last = feed->start[niche + 1] - 1;
    int64_t entries = FINENESS * (last - first + 1), entry = (int64_t)(within * entries);
    int64_t place = feed->guide[FINENESS * first + (entry < entries - 1 ? entry : entries - 1)];
    while (place < last && feed->cumulative[place] <= within)
        place++;
    return feed->room[place];
}

ALWAYS double add_up_relevances(const World *world, const RankedRooms *feed, double exponent, int64_t viewer,
                                int64_t arc, double *restrict sums, int64_t categories)
{
    const float *restrict interest = world->viewers.interest + viewer * world->viewers.interest_width;
    double total = 0.0;
    for (int64_t category = 0; category < categories; category++) {
        double relevance = exponent == 1.0 ? interest[category] : pow(interest[category], exponent);
        total += feed->is_open[category * feed->arcs + arc] * relevance;
        sums[category] = total;
    }
    return total;
}

void fill_slates(const World *world, const Wave *wave, const RankedRooms *feed, const Slates *slates,
                 const Draw *draw, int64_t surface)
{
    int64_t rows = wave->rows[0], categories = slates->relevances_rows, width = wave->room_width;
    double *restrict sums = slates->relevances;
    roll_rows(wave, draw, 2);
    for (int64_t row = 0; row < rows; row++) {
        if (wave->surface[row] != surface)
            continue;
        int64_t viewer = wave->viewer[row], options = 0, arc = (int64_t)world->viewers.taste[viewer];
        arc = arc < feed->arcs - 1 ? arc : feed->arcs - 1;
        int32_t *restrict rooms = wave->room + row * width;
        float *restrict appeal = wave->appeal + row * width;
        double total = add_up_relevances(world, feed, slates->exponent, viewer, arc, sums, categories);
        for (int64_t slot = 0; slot < (total > 0.0 ? slates->size : 0); slot++) {
            if (slot == 4) {
                Words more = philox(draw->key, (uint32_t)viewer, (uint32_t)(wave->occasion[row] * 2 + 1),
                                    (uint32_t)draw->day, (uint32_t)draw->what);
                wave->luck[row] = more.a, wave->luck[row + wave->luck_width] = more.b;
                wave->luck[row + 2 * wave->luck_width] = more.c;
                wave->luck[row + 3 * wave->luck_width] = more.d;
            }
            double luck = unit(wave->luck[row + slot % 4 * wave->luck_width]);
            int32_t room = draw_room(luck, sums, categories, feed, arc);
            int shown = 0;
            for (int64_t earlier = 0; earlier < options; earlier++)
                shown |= rooms[earlier] == room;
            if (!shown) {
                rooms[options] = room;
                appeal[options++] = 0.0f;
            }
        }
        wave->options[row] = (uint8_t)options;
    }
}
