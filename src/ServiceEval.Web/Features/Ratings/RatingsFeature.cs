namespace ServiceEval.Web.Features.Ratings;

public static class RatingsFeature
{
    public static IServiceCollection AddRatings(this IServiceCollection services)
    {
        services.AddOptions<ReceiptOptions>().BindConfiguration(ReceiptOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TicketKeys>().AddSingleton<TicketIssuer>();
        services.AddSingleton<RatingLog>().AddHostedService(provider => provider.GetRequiredService<RatingLog>());
        services.AddSingleton<RatingReader>().AddSingleton<RatingIntake>().AddSingleton<ReceiptDesk>();
        return services;
    }

    public static void MapRatings(this IEndpointRouteBuilder app)
    {
        app.MapRatingApi();
    }
}
