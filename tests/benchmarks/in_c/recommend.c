/* Slates of a feed: `platforms/channels/recommend.py`. */
#include "luck.h"

/* Rooms of four slots at once, since most of it takes several numbers at a time. */
ALWAYS void draw_rooms(const uint32_t *words, const double *restrict sums, int64_t categories,
                       const RankedRooms *feed, int64_t arc, int32_t *restrict drawn)
{
    double total = sums[categories - 1], target[4], below[4] = {0.0, 0.0, 0.0, 0.0};
    int64_t category[4] = {0, 0, 0, 0};
    for (int slot = 0; slot < 4; slot++)
        target[slot] = unit(words[slot]) * total;
    for (int64_t earlier = 0; earlier < categories - 1; earlier++) {
        double sum = sums[earlier] < total ? sums[earlier] : INFINITY;
        for (int slot = 0; slot < 4; slot++) {
            category[slot] += target[slot] >= sum;
            below[slot] = target[slot] >= sum ? sum : below[slot];
        }
    }
    for (int slot = 0; slot < 4; slot++) {
        double within = (target[slot] - below[slot]) / (sums[category[slot]] - below[slot]);
        int64_t niche = category[slot] * feed->arcs + arc;
        int64_t first = feed->start[niche], last = feed->start[niche + 1] - 1;
        int64_t entries = FINENESS * (last - first + 1), entry = (int64_t)(within * entries);
        int64_t place = feed->guide[FINENESS * first + (entry < entries - 1 ? entry : entries - 1)];
        while (place < last && feed->cumulative[place] <= within)
            place++;
        drawn[slot] = feed->room[place];
    }
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

/* Rooms drawn for the slots of a slate; words beyond the fourth slot are rolled where they are wanted. */
ALWAYS void draw_slate(const Wave *wave, const RankedRooms *feed, const Slates *slates, const Draw *draw,
                       int64_t row, int64_t arc, int32_t drawn[8])
{
    int64_t width = wave->luck_width, viewer = wave->viewer[row], categories = slates->relevances_rows;
    uint32_t words[4] = {wave->luck[row], wave->luck[row + width], wave->luck[row + 2 * width],
                         wave->luck[row + 3 * width]};
    draw_rooms(words, slates->relevances, categories, feed, arc, drawn);
    if (slates->size <= 4)
        return;
    Words more = philox(draw->key, (uint32_t)viewer, (uint32_t)(wave->occasion[row] * 2 + 1),
                        (uint32_t)draw->day, (uint32_t)draw->what);
    memcpy(words, &more, sizeof words);
    for (int slot = 0; slot < 4; slot++)
        wave->luck[row + slot * width] = words[slot];
    draw_rooms(words, slates->relevances, categories, feed, arc, drawn + 4);
}

void fill_slates(const World *world, const Wave *wave, const RankedRooms *feed, const Slates *slates,
                 const Draw *draw, int64_t surface)
{
    int64_t rows = wave->rows[0], categories = slates->relevances_rows, width = wave->room_width;
    roll_rows(wave, draw, 2);
    for (int64_t row = 0; row < rows; row++) {
        if (wave->surface[row] != surface)
            continue;
        int64_t viewer = wave->viewer[row], options = 0, arc = (int64_t)world->viewers.taste[viewer];
        arc = arc < feed->arcs - 1 ? arc : feed->arcs - 1;
        int32_t *restrict rooms = wave->room + row * width, drawn[8];
        float *restrict appeal = wave->appeal + row * width;
        double total =
            add_up_relevances(world, feed, slates->exponent, viewer, arc, slates->relevances, categories);
        if (total > 0.0)
            draw_slate(wave, feed, slates, draw, row, arc, drawn);
        for (int64_t slot = 0; slot < (total > 0.0 ? slates->size : 0); slot++) {
            int shown = 0;
            for (int64_t earlier = 0; earlier < options; earlier++)
                shown |= rooms[earlier] == drawn[slot];
            if (!shown) {
                rooms[options] = drawn[slot];
                appeal[options++] = 0.0f;
            }
        }
        wave->options[row] = (uint8_t)options;
    }
}
